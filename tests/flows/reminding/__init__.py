"""Tests of reminding: events, openings, audiences, and a model of what must go out."""
