"""Warnings as organisers read them."""
