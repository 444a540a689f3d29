"""Tests of reading files of events."""
