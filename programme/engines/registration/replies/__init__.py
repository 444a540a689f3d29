"""What people's calendars answered: the answer of each chair, and the tray of what somebody has to look at."""
