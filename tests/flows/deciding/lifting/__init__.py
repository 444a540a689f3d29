"""Lifting keys, or changing how long they have."""
