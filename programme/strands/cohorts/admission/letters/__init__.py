"""The letters of an admission."""
