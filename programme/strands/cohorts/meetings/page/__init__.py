"""The meetings of a record as its people see them, and those of a cohort in counts."""
