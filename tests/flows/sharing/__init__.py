"""Places kept for an organisation, as people meet them."""
