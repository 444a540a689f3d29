"""Roles and things in people’s hands: given, handed over, and what they are called."""
