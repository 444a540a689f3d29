"""The forms of what is done to many events of a series."""
