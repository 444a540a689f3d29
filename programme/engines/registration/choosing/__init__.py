"""Choosing so many of an opening's events: the rule, and the verbs that hold it."""
