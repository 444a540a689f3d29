"""Tests of what is kept on people."""
