"""The roll: lists pasted, counts, sums."""
