"""Tests of what cohorts need of those who run them."""
