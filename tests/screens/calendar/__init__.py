"""The public pages and feeds of the calendar."""
