"""Changing many events of a series at once: weighed one by one, done together, each person told once."""
