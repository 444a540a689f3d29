"""Places kept for an organisation: releasing them, and what is said of them."""
