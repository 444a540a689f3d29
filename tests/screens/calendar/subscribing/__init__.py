"""Tests of what calendar clients take."""
