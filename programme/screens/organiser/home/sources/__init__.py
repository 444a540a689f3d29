"""What each matter needs of the organisers."""
