"""Calibration: the statistics against made-up organisations whose truth is known.

`organisation` makes answers and truth, `scores` sums them up as publishing does, `trial` asks the
statistics about one organisation and counts how often they were right, `tables` writes the page.
"""
