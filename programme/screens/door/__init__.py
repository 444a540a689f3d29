"""Pages of the door: for those who come, and for those who let them in."""
