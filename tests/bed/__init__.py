"""The test bed: real databases, a real SMTP peer, a real server and a real browser."""
