"""Settings in their kinds: how each is read, and what is refused."""
