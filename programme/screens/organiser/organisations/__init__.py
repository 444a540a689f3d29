"""Organisations, for administrators."""
