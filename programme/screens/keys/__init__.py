"""Keys: those that wait for an organiser, one key, and the page that a link opens."""
