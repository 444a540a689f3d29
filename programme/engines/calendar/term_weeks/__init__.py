"""Term weeks: the terms that organisers entered, and what week a day is in them."""
