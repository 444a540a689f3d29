"""Many dates from one rule: by the wall clock, by weeks of term, or as a list. Pure."""
