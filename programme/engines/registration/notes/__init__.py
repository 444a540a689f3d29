"""What organisers write to each other about a registration."""
