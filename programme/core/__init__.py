"""Ground: what every room stands on; knows no word of the domain."""
