"""Sums of doctoral cohorts."""
