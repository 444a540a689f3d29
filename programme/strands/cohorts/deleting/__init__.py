"""Undoing mistakes: an award, a cohort, a record or a call that nobody used is deleted, with all that goes along."""
