"""Forms that are saved as one goes."""
