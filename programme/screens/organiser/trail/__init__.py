"""The audit trail in people's words."""
