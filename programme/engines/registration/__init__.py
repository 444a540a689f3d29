"""Openings, registrations, seats, the waiting list; the rule is in places."""
