"""Who is told, with which calendar part: queueing letters, and composing them when they go."""
