"""The roll of an opening: who is on it, in what order, and how many."""
