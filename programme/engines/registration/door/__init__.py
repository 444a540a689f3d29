"""The door of an event: codes, check-in, walk-ins, and what is asked afterwards."""
