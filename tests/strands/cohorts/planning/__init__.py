"""Tests of the planning of cohorts."""
