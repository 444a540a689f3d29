"""What was handed in with answers, for organisers."""
