"""Tests of openings, registrations and seats."""
