"""What clashes with what: pure, of stays and of the ways between them."""
