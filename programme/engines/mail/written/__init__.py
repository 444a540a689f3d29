"""What people write: the wording of letters, broadcasts, and what was sent as it was sent."""
