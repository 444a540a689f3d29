"""Everything that waits for somebody's signature, on one page."""
