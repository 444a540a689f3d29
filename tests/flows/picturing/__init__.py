"""Tests of pictures of events: copied, and swept away."""
