"""Tests of the strands."""
