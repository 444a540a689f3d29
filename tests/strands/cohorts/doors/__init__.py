"""The second doors to a cohort."""
