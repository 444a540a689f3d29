"""Signatures: asked, answered, started again."""
