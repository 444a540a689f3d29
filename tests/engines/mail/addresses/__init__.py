"""What comes back, and addresses that get no letters."""
