"""Tests of files as such."""
