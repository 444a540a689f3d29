"""Approvals: the rule, keys turned one after the other and at once."""
