"""Files as such: what kinds there are, and how they are known."""
