"""Forms that are not sent yet: kept half-filled, under a link of their own, until their opening closes."""
