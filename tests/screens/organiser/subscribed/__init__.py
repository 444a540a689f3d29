"""Pages of subscribed addresses."""
