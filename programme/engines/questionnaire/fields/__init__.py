"""Fields of forms that are more than one input."""
