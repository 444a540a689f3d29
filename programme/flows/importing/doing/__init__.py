"""Doing what an import's plan says: what is new is made, what is here is changed."""
