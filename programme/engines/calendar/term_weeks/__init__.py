"""Term weeks: the terms that organisers enter and change, and what week a day is in them."""
