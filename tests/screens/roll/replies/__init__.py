"""What calendars answered, on the roll, in the tray and on somebody's own page."""
