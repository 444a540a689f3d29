"""Stories of people who take part."""
