"""Tests of cohorts that come in from a spreadsheet."""
