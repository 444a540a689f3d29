"""Letters about keys: to those who turn them, and to those who hear that one is late."""
