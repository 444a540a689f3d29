"""How everybody stood before a decision about many, kept so that it can be undone."""
