"""Places that are offered until a deadline: when that is, and what becomes of an offer."""
