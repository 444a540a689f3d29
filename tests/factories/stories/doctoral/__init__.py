"""The stories of doctoral cohorts."""
