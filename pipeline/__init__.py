"""From answers to numbers that may be shown. Imports survey only."""
