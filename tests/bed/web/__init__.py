"""Servers of other people, on this machine."""
