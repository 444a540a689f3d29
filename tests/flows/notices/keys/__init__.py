"""Letters about keys."""
