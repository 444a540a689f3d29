"""Those who come along with somebody, with their answers and what is told."""
