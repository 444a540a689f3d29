"""Tests: sentences about behaviour, on real databases."""
