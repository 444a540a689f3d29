"""What clashes with what somebody has."""
