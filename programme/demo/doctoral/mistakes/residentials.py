"""Liverpool keeps a pattern of its own for residentials; one that is planned twice is withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from programme.demo import people
from programme.demo.doctoral import ground
from programme.demo.doctoral.chapters.compulsory import week_of
from programme.demo.doctoral.ground import ago, there
from programme.demo.doctoral.steps import Chapter, Promise, Step
from programme.engines.calendar.models import Series
from programme.strands.cohorts.models import Residential, ResidentialPart, ResidentialPattern
from programme.strands.cohorts.planning.residential.making import plan_residential
from programme.strands.cohorts.planning.residential.patterns import editing
from programme.strands.cohorts.planning.residential.patterns.editing import PatternDetails
from programme.strands.cohorts.planning.residential.patterns.queries import parts_of, patterns_for, seen_of
from programme.strands.cohorts.planning.residential.withdrawing import withdraw

if TYPE_CHECKING:
    from programme.demo.stage import Stage

BY_COACH, NOBODYS, TWICE = "Joint week by coach (demo)", "Copied by mistake (demo)", "Planned twice (demo)"
HINT = "Both coaches are ordered with the hotel."
WEEKS, WEEKS_ON = 4, 5


def pattern(stage: Stage, title: str) -> ResidentialPattern:
    """Return a pattern by its title."""
    own = ResidentialPattern.title == title
    return ground.only(stage, ResidentialPattern, own, words=f"There is no pattern “{title}”.")


def copy(stage: Stage) -> None:
    """The pattern of all is copied for Liverpool, and once more by mistake."""
    actor, now = ground.organiser(stage), ago(stage, weeks=WEEKS)
    first, own = patterns_for(stage.session, actor)[0], stage.organisations[people.LIVERPOOL].id
    for title in (BY_COACH, NOBODYS):
        editing.copy(stage.session, first, title, organisation_id=own, actor=actor, now=now)


def edit(stage: Stage) -> None:
    """In Liverpool’s the coaches are ticked from the beginning."""
    row = pattern(stage, BY_COACH)
    parts = [replace(one, is_proposed=True) for one in parts_of(row)]
    told = {"actor": ground.organiser(stage), "now": ago(stage, weeks=WEEKS)}
    editing.edit(stage.session, row.id, PatternDetails(BY_COACH, HINT, parts), seen=seen_of(row), **told)  # type: ignore[arg-type]


def delete(stage: Stage) -> None:
    """The other copy goes."""
    row = pattern(stage, NOBODYS)
    editing.delete(stage.session, row.id, actor=ground.organiser(stage), now=ago(stage, weeks=WEEKS))


def plan(stage: Stage) -> None:
    """A second residential is planned, by Liverpool’s pattern."""
    wanted = week_of(stage, pattern(stage, BY_COACH), TWICE, later=timedelta(weeks=WEEKS_ON))
    actor, now = ground.organiser(stage), ago(stage, weeks=WEEKS)
    plan_residential(stage.session, ground.cohort(stage).id, wanted, actor=actor, now=now)


def call_off(stage: Stage) -> None:
    """One is enough: nothing is left of it, as nobody had seen it."""
    own = Residential.series.has(Series.title == TWICE)
    row = ground.only(stage, Residential, own, words="No residential is planned twice.")
    withdraw(stage.session, row, actor=ground.organiser(stage), now=ago(stage, weeks=WEEKS))


def is_by_coach(stage: Stage) -> bool:
    """Whether Liverpool’s pattern proposes all of its parts."""
    left_out = ResidentialPart.pattern_id == pattern(stage, BY_COACH).id
    return not there(stage, left_out, ResidentialPart.is_proposed.is_(False))


CHAPTER = Chapter(
    "Residentials have patterns",
    (
        Step("Liverpool copies the pattern, and copies it again", copy),
        Step("Its own proposes coaches", edit),
        Step("The other copy is deleted", delete),
        Step("A second residential is planned", plan),
        Step("It is withdrawn", call_off),
    ),
    (
        Promise("Liverpool has no pattern with coaches.", is_by_coach),
        Promise("a pattern is there by mistake.", lambda stage: not there(stage, ResidentialPattern.title == NOBODYS)),
        Promise("a residential is planned twice.", lambda stage: not there(stage, Series.title == TWICE)),
    ),
)
