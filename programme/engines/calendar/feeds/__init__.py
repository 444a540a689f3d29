"""Feeds: entries, their cached blocks, the answer to a calendar client, and personal addresses."""
