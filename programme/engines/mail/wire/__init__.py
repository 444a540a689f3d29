"""What goes over the wire: messages as bytes, the session with the mail server, and its breaker."""
