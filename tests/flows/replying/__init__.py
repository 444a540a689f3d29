"""Answers of calendars to our invitations."""
