"""Answers that people keep in their account, to be offered in forms."""
