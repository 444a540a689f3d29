"""Tests of where researchers go."""
