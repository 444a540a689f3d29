"""Offers with their letters."""
