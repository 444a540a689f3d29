"""Supervision meetings: counted, logged, agreed, shown."""
