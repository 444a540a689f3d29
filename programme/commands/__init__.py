"""What the `programme` command can do, a file for each matter."""
