"""Tests of the page where an event is given a picture."""
