"""Reviewing: who reads what, declared conflicts, scores."""
