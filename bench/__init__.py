"""Measurements of the pipeline against plain DuckDB: `make bench`."""
