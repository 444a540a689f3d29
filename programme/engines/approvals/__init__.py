"""Decisions that need one key for each organisation, or one key only."""
