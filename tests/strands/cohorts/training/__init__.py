"""Training: frameworks, records, and what is compulsory."""
