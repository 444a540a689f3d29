"""Several events, several people."""
