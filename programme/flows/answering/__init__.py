"""Answers where engines meet: files that are handed in with them."""
