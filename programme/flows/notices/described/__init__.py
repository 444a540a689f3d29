"""What the catalogue tells of each kind of letter, and its passages in our own words."""
