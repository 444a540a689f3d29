"""Reading calendar files."""
