"""The supervision of a record as its people see it, and what whoever runs the cohort does about it."""
