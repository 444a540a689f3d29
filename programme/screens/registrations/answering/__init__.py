"""Screens where people answer: files handed in, and second forms."""
