"""An offered place, for whoever holds its link."""
