"""The door, where rooms meet."""
