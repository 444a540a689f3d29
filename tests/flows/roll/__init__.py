"""What organisers do with many people of a roll."""
