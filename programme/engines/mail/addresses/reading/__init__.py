"""Reading what comes back: pure, bounded, and without an error whatever the bytes are."""
