"""The door, where registration, people and letters meet."""
