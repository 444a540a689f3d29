"""Joint PhD cohorts: awards, cohorts and their researchers, from application to viva, under two rulebooks."""
