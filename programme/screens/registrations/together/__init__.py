"""Pages about those who come along."""
