"""Addresses that get no letters: suppressed, and tried again."""
