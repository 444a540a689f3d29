"""What pages of the calendar show: rows of the database turned into words, and drawn."""
