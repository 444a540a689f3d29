"""Tests of candidatures."""
