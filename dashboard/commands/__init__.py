"""One file per command group of the `pmhealth` program."""
