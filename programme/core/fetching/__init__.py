"""Fetching what somebody named from the web, and never from our own network."""
