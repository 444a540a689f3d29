"""Letters by way of a real mail server: what comes back through it, and what it signs."""
