"""Demonstration: a doctoral cohort of twelve, from the first application to where people are afterwards."""
