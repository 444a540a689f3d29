"""Many dates from one rule."""
