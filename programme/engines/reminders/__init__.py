"""Rules as offsets, and what is due."""
