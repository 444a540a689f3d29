"""Tests of copying."""
