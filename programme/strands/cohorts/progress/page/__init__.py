"""The page of the milestones of one record, and its forms."""
