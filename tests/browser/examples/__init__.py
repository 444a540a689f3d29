"""What pages need in their addresses, made for the tests that look at every page."""
