"""What the calendars of one person say of one event, over time."""
