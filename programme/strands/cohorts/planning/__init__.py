"""The calendar of a cohort for those who run it: an academic year on one page, and what there is to think about."""
