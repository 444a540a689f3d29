"""What people chose about letters, and letters held back by it."""
