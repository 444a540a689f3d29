"""Where approvals meet what they are about: keys, what they come to, and who is told."""
