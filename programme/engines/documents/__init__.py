"""Uploaded files: store, allow-list, access."""
