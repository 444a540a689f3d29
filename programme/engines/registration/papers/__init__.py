"""Papers as tagged PDF: badges, and certificates of attendance."""
