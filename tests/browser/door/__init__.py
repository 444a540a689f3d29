"""Stories of people who organise."""
