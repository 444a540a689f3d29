"""Tests of one verb for several events."""
