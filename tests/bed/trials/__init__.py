"""Trials of the test bed itself: what it claims to catch, it catches."""
