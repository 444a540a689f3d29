"""Openings as their organisers make and change them."""
