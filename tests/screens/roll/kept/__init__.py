"""Places kept for an organisation, as organisers say so."""
