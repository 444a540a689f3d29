"""Choosing among an opening’s events: the fields, and the page to choose again."""
