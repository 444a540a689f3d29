"""Walls of the audit trail."""
