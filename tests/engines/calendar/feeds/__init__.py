"""Feeds: entries as they are kept."""
