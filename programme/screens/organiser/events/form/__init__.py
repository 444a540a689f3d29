"""The form of an event: its page, its choices, and the wholes it may be part of."""
