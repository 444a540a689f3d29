"""Servers of our own: the application behind a socket, PostgreSQL, an SMTP peer."""
