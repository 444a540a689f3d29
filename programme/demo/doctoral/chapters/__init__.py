"""The chapters of the cohort’s story, each with its steps and what is there after it."""
