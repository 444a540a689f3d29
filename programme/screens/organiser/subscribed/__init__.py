"""The organisers' pages of subscribed addresses: give one, look at it, follow it, decide what both changed."""
