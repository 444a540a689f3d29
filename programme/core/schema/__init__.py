"""The schema's version: which it is, and moving it up and down."""
