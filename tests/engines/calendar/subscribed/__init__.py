"""Calendars of others that we follow."""
