"""Events and series, as organisers write and copy them."""
