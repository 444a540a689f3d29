"""An invitation, for whoever holds its link."""
