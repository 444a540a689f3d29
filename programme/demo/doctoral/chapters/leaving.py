"""Where people are after their doctorate: asked by the programme, answered by one, and one wants to be left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.demo.doctoral import ground
from programme.demo.doctoral.ground import ISAURA, SORREL, at, calendar, record, there
from programme.demo.doctoral.steps import Chapter, Promise, Step
from programme.strands.cohorts.models import Destination
from programme.strands.cohorts.states import Occupation, Region, Sector
from programme.strands.cohorts.talent.actions import Whereabouts, answer, ask_due, decline

if TYPE_CHECKING:
    from datetime import datetime

    from programme.demo.people import Somebody
    from programme.demo.stage import Stage


def asked(stage: Stage) -> datetime:
    """When half a year has gone by since the doctorates of both."""
    return at(calendar(stage).years_ago(0, 10, 20))


def ask(stage: Stage) -> None:
    """The programme asks by itself."""
    ask_due(stage.session, asked(stage))


def destination(stage: Stage, who: Somebody) -> Destination:
    """Return what somebody was asked first."""
    own = (Destination.candidature_id == record(stage, who).id, Destination.years == 0)
    return ground.only(stage, Destination, *own, words=f"{who.name} was not asked where she is.")


def say(stage: Stage) -> None:
    """One says where she is."""
    said = Whereabouts(
        occupation=Occupation.OTHER_WORK,
        region=Region.LIVERPOOL,
        sector=Sector.MATERIALS,
        employer="Tidal Membranes Demo Ltd",
    )
    answer(stage.session, destination(stage, SORREL), said, now=asked(stage) + timedelta(days=2))


def refuse(stage: Stage) -> None:
    """One asks not to be asked any more."""
    decline(stage.session, destination(stage, ISAURA), now=asked(stage) + timedelta(days=3))


CHAPTER = Chapter(
    "Where people are afterwards",
    (
        Step("Those who completed are asked", ask),
        Step("One says where she is", say),
        Step("One asks to be asked no more", refuse),
    ),
    (
        Promise("nobody said where they are.", lambda stage: there(stage, Destination.answered_at.is_not(None))),
        Promise("everybody is still asked.", lambda stage: there(stage, Destination.declined_at.is_not(None))),
    ),
)
