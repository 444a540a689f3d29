"""What the calendars of one person say."""
