"""What clashes with what somebody has: found for one person, and told to that person alone."""
