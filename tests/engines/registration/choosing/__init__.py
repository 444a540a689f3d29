"""Choosing so many of an opening’s events."""
