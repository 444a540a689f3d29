"""The organisers' pages of an admission."""
