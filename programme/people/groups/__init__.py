"""People who belong together, by name."""
