"""Calendars of others that we follow: where they are, and what each of their events said last."""
