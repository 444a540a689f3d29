"""The pages of a record, in their order: each says which it is, and the frame leads to the others."""

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """One page of a record: its key, its word, and the end of its address after `/records/<id>`."""

    key: str
    word: str
    path: str


PARTS = (
    Part("overview", "Overview", ""),
    Part("training", "Training", "/training"),
)
