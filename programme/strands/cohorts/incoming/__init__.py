"""An existing cohort comes in from a spreadsheet: read, compared, looked at, confirmed."""
