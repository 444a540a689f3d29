"""Delivery: claim, mark, hand over with no transaction open, complete under the claim's token.

Between the peer's yes and our commit a crash leaves it unknown whether a letter went: at least once, bounded, visible.
"""
