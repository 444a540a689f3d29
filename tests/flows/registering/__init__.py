"""Tests of registering."""
