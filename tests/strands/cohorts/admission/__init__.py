"""Admission to a cohort: from a call to a candidature."""
