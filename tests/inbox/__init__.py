"""A mailbox of a real Dovecot, read as an installation reads it: answers count, bounces stop, nothing is lost."""
