"""Addresses that change."""
