"""Stories at the door."""
