"""What was before a cohort came in: milestones done, suspensions, more time, who supervises."""
