"""Supervision: the rule, the verbs, the pages."""
