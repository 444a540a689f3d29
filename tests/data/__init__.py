"""Invented files of the shapes that universities have, and what makes them."""
