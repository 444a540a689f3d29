"""Answers where engines meet."""
