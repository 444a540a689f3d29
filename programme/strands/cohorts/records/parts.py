"""The pages of a record, in their order: each says which it is, and the frame leads to the others."""

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """One page of a record: its key, its word, and the end of its address after `/records/<id>`.

    `is_for_runners`: only those who run the cohort have it.
    """

    key: str
    word: str
    path: str
    is_for_runners: bool = False


PARTS = (
    Part("overview", "Overview", ""),
    Part("milestones", "Milestones", "/milestones"),
    Part("supervision", "Supervision", "/supervision"),
    Part("meetings", "Meetings", "/meetings"),
    Part("training", "Training", "/training"),
    Part("changes", "Changes", "/changes", is_for_runners=True),
)
