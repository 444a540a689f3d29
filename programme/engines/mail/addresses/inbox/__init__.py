"""The mailbox of bounces, read over IMAP."""
