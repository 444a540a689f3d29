"""A place in a series: weeks that are skipped and lent, and leaving from a date on; the rule is in weeks."""
