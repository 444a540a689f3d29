"""Notes between organisers."""
