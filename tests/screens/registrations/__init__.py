"""Tests of the pages of registration."""
