"""The door: rule, lock and races."""
