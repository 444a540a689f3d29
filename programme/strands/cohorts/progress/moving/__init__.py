"""What moves milestones: suspensions, more time, days set by hand, and what does not apply to somebody."""
