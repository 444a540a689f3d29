"""Where engines meet."""
