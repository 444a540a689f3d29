"""What organisers do to openings and their rolls, and who is told."""
