"""From a file under a mapping to `Received`: what it brought, not yet judged. See `receive.receive`."""
