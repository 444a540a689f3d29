"""Awards and their cohorts: made, edited and shared by the universities that run them."""
