"""A place in a series: weeks that are skipped, lent and taken back, and leaving from a date on."""
