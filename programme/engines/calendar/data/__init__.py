"""Dates that the calendar starts with, and where they come from."""
