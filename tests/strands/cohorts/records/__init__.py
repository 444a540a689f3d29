"""Tests of the strand of doctoral cohorts."""
