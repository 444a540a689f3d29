"""Tests of what addresses chose."""
