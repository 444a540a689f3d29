"""Organisers' screens of openings: the list, the settings, the form of questions."""
