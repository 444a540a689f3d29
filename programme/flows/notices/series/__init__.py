"""Letters about single weeks of a series."""
