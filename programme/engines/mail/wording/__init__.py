"""What letters say in words that an installation may change, and what they are written on."""
