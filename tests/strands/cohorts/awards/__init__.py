"""Tests of awards and cohorts."""
