"""Organisers’ screens of a roll."""
