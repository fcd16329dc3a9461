"""The quarterly review of a unit: read once, told once, shown as a page, a file to print and a workbook."""
