"""Admission to a cohort: a call, references, reviewing by both universities, and from acceptance to a candidature."""
