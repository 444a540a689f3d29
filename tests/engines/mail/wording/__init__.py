"""Tests of wording and of what letters are written on."""
