"""The organisers' pages of events."""
