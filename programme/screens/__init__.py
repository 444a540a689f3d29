"""Screens of the engines."""
