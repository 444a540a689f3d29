"""The tray: answers of calendars that somebody has to look at."""
