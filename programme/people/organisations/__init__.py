"""What is known of organisations, and how it changes."""
