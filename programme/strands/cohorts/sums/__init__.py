"""Sums of doctoral cohorts, for partner authorities and organisers."""
