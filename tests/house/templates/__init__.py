"""Tests of the walls around templates."""
