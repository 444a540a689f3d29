"""What lists and event pages say of places: at an event, at a whole by its parts, and where the reader stands."""
