"""Reminders of milestones: to researchers and their supervisors, as one letter a person and day."""
