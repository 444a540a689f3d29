"""What the table of recurring work is made of."""
