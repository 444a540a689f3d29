"""Importing: what a file of events would do, and doing it, all or nothing."""
