"""Organisers’ screens."""
