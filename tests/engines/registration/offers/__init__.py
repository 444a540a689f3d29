"""Places offered until a deadline."""
