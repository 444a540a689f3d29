"""Addresses that change: one's own, that of a registration, and the letters that wait for both."""
