"""Adding several to a roll at once: those who come along, and lists where people choose among events."""
