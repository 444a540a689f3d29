"""Patterns of joint residentials as rows: what an installation starts with, who keeps which, and their pages."""
