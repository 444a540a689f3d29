"""What the letters of doctoral cohorts say."""
