"""The milestones of many: the grid of a cohort, and what is overdue."""
