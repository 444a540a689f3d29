"""A place in a series, with its letters."""
