"""Forms that are saved as one goes, and sent later."""
