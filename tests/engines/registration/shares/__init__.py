"""Places guaranteed to one organisation until a release."""
