"""Rulebooks: what two universities expect by default, and what an installation made of it."""
