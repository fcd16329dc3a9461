"""Exports of other tools, one module per tool. See `sniff.open_export`."""
