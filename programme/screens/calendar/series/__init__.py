"""What runs on: every series, and the page of one or of a strand."""
