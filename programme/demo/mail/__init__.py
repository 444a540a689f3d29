"""Demonstration: what organisers write to many."""
