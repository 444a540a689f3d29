"""What stands in the headers of a message: words, addresses, and how both are folded."""
