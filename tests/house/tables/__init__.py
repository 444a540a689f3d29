"""Tests of the walls around tables."""
