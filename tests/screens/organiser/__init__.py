"""Tests of organiser."""
