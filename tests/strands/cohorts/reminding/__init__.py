"""Tests of reminders of milestones."""
