"""Letters that organisers write to many: to whom, when they go, what they say, what became of them."""
