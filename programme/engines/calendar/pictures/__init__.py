"""Pictures of events: which one an event shows, with which words, and where it is found."""
