"""WHO: organisations, people, affiliations, role grants, sign-in, one permission table."""
