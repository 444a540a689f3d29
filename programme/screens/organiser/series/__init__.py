"""The organisers' pages of series."""
