"""Factories that demand what matters, and the fixed cast."""
