"""Adding several dates to a series: say how they repeat, look at each, make them; and take them back."""
