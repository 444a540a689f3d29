"""What events are worth as training, as their organisers say."""
