"""Letters, outbox and delivery."""
