"""Calls: openings that belong to no event."""
