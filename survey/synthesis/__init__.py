"""Made-up organisations with known true scores: for the demo, for tests, for calibration.

`organisation` makes people and units, `model` true scores and ratings, `responses` who answered
what; `exports` writes them as other survey tools would, with known dirt, and `demo` tells the
whole story of five quarters. Everything follows from one seed. Nothing here is a real person.
"""
