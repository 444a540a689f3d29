"""Signatures: whoever has a say agrees or refuses, on the page or by a link that needs no account."""
