"""The steps of publishing a wave, each over the same `Staging`. See `pipeline.publish`."""
