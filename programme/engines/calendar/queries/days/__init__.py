"""What else is on the days of an event: its breaks, what is in a room, what is closed."""
