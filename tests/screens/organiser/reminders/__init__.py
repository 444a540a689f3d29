"""Tests of the screens of reminders."""
