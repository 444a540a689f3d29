"""Decisions by keys, at once about many, and about changed answers."""
