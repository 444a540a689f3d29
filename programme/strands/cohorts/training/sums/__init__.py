"""What the training of a whole cohort comes to: everybody against the target of their award."""
