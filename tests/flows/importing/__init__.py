"""What a file would do, and doing it."""
