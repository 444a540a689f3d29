"""Letters that reminders send, written from what is true when they go out."""
