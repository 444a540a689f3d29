"""Tests of forms, questions and answers."""
