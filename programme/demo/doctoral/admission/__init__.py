"""How one of the twelve came in: a call, references, reviewers, two keys, a place, an admission."""
