"""Sums and sheets of a roll."""
