"""Stories of decisions: each ends in a mailbox."""
