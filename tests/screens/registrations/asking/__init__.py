"""Forms of many questions."""
