"""A second form of an opening, asked only of those who have a place."""
