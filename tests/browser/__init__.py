"""Stories, told in a real browser."""
