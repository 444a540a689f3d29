"""The story of a doctoral cohort, chapter by chapter; at its end it is looked at, and raises where something lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.demo.doctoral.admission import calling, deciding, referees, reviewing
from programme.demo.doctoral.chapters import (
    compulsory,
    entering,
    founding,
    leaving,
    meeting,
    moving,
    progress,
    supervising,
    training,
)
from programme.demo.doctoral.mistakes import deletions, residentials

if TYPE_CHECKING:
    from programme.demo.stage import Stage

CHAPTERS = (
    founding.CHAPTER,
    entering.CHAPTER,
    supervising.CHAPTER,
    meeting.CHAPTER,
    moving.RESTS,
    progress.CHAPTER,
    moving.CHAPTER,
    training.CHAPTER,
    compulsory.CHAPTER,
    residentials.CHAPTER,
    deletions.CHAPTER,
    leaving.CHAPTER,
    calling.CHAPTER,
    referees.CHAPTER,
    reviewing.CHAPTER,
    deciding.CHAPTER,
)


def look(stage: Stage) -> None:
    """Look at everything once more, as a later chapter may have spoilt an earlier one."""
    for chapter in CHAPTERS:
        chapter.check(stage)
