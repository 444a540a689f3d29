"""Fetching from the web, and never from our own network."""
