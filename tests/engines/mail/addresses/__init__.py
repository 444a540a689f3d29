"""What comes back, addresses that get no letters, and what people chose."""
