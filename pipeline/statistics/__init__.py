"""Pure estimation: arrays in, frozen results out. One file per idea."""
