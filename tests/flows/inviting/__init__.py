"""Inviting people to register."""
