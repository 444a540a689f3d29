"""Verbs on when events are: moved, cancelled, postponed, and copied to other dates."""
