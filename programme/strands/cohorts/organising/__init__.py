"""What of cohorts needs whoever runs them: few statements, however many cohorts and researchers there are."""
