"""Questions, versions and answers."""
