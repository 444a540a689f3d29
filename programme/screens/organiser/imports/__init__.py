"""The organisers' pages of imports: upload, check, confirm, report."""
