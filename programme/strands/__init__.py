"""The four strands."""
