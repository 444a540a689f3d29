"""The organisers' pages of term dates and venues."""
