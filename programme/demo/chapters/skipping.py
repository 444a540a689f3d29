"""Demonstration: somebody with a place in the lectures cannot come on one evening, and whoever waits has that chair."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.demo.finding import registration_of
from programme.demo.strands.exchange import SEASON, SKIPS, VACCINES
from programme.flows.series.skipping import skip_week

if TYPE_CHECKING:
    from programme.demo.stage import Stage

LATELY = timedelta(days=2)


def skip_a_date(stage: Stage) -> None:
    """Give up the chair of the second evening."""
    row = registration_of(stage, SEASON, SKIPS)
    skip_week(stage.session, row.id, stage.told[VACCINES].id, now=stage.now - LATELY)
