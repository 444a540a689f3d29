"""Tests of what organisers do."""
