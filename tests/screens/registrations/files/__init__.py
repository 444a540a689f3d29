"""Files of forms, as whoever registers and whoever organises meet them."""
