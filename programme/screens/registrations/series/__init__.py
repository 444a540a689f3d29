"""Pages of a place in a series."""
