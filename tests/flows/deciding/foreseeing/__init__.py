"""Tests of what a decision about many would do."""
