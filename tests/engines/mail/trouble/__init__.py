"""Trouble that lasts: what the mail server, its answers or the letters themselves may do for long or to many."""
