"""Following calendars of others."""
