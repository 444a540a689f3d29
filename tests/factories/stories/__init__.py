"""The stories that queue letters of each kind."""
