"""Training: what events are worth, the record of each researcher, and what is compulsory for a cohort."""
