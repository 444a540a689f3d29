"""Screens of reminders: the rules of one thing, the dry run, what is to come, what is usual, and why."""
