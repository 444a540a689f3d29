"""Registering, one's own registration, and my programme."""
