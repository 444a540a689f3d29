"""Organisers’ screens of a roll: the people, the door, letters, sheets and files."""
