"""What calendars answer to an invitation (RFC 5546, METHOD:REPLY): read without an error whatever the bytes are."""
