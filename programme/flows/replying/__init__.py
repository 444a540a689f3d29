"""Answers of calendars to our invitations: read, decided about, shown on the roll, or left in the tray for people."""
