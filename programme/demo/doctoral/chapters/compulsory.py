"""What is compulsory, who is chased and who need not come; and a joint residential in the cohort’s calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.demo.doctoral import ground
from programme.demo.doctoral.chapters.training import CONFERENCE, INTEGRITY, WALK
from programme.demo.doctoral.ground import HAMZA, TAMSIN, ago, event, record, there
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.demo.stage import clear_of_christmas
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import EventState
from programme.engines.calendar.times import london_day
from programme.engines.mail.models import OutboxMessage
from programme.flows import scheduling
from programme.strands.cohorts.letters.compulsory import NAME
from programme.strands.cohorts.models import CompulsoryTraining, TrainingExemption
from programme.strands.cohorts.planning.residential.forms import WantedDay
from programme.strands.cohorts.planning.residential.making import Wish, plan_residential
from programme.strands.cohorts.planning.residential.patterns.queries import parts_of, patterns_for
from programme.strands.cohorts.planning.residential.template import days_of, monday_of
from programme.strands.cohorts.training.compulsory import actions
from programme.strands.cohorts.training.compulsory.queries import rolls
from programme.strands.cohorts.training.compulsory.standing import Standing

if TYPE_CHECKING:
    from programme.demo.stage import Stage
    from programme.strands.cohorts.models import ResidentialPattern

RESIDENTIAL, IN_WEEKS, DAYS = "Joint residential: things that last (demo)", 7, 5
PLACES = {"Project day": "LIV-MIF", "Residential, first day": "OXF-SCI", "Residential, second day": "OXF-SCI"}


def make_compulsory(stage: Stage) -> None:
    """Two events are for everybody, and the walk by mistake."""
    for title in (INTEGRITY, CONFERENCE, WALK):
        row = event(stage, title)
        now = min(row.starts_at, stage.now) - timedelta(weeks=2)
        cohort = ground.cohort(stage).id
        actions.make_compulsory(stage.session, cohort, event_id=row.id, actor=ground.organiser(stage), now=now)


def let_be(stage: Stage) -> None:
    """Nobody has to walk."""
    own = CompulsoryTraining.event_id == event(stage, WALK).id
    row = ground.only(stage, CompulsoryTraining, own, words="The walk is not compulsory.")
    now = ago(stage, weeks=1)
    actions.let_be(stage.session, row.cohort_id, row.id, actor=ground.organiser(stage), now=now)


def exempt(stage: Stage) -> None:
    """Who is on leave need not come; and who has to travel, by mistake."""
    for who, title, reason in (
        (HAMZA, INTEGRITY, "On leave from that week on."),
        (TAMSIN, CONFERENCE, "The way is long."),
    ):
        cohort, now = ground.cohort(stage).id, ago(stage, weeks=1)
        told = {"reason": reason, "actor": ground.organiser(stage), "now": now}
        actions.exempt(stage.session, cohort, record(stage, who).id, event(stage, title).id, **told)  # type: ignore[arg-type]


def take_exemption_back(stage: Stage) -> None:
    """The way is paid for, so she comes."""
    cohort, now = ground.cohort(stage).id, ago(stage, days=4)
    told = {"actor": ground.organiser(stage), "now": now}
    number = event(stage, CONFERENCE).id
    if not actions.take_exemption_back(stage.session, cohort, record(stage, TAMSIN).id, number, **told):  # type: ignore[arg-type]
        raise MissingError("Nobody was exempted by mistake.")


def chase(stage: Stage) -> None:
    """Whoever has not booked is reminded, by one button."""
    cohort, now = ground.cohort(stage).id, ago(stage, days=2)
    actions.remind(stage.session, cohort, event(stage, CONFERENCE).id, actor=ground.organiser(stage), now=now)


def week_of(stage: Stage, pattern: ResidentialPattern, title: str, *, later: timedelta) -> Wish:
    """Return a week by a pattern, at the places of the demonstration."""
    monday = clear_of_christmas(monday_of(london_day(stage.now)) + later)
    venues = {key: stage.venues[code].id for key, code in PLACES.items()}
    parts = [one for one in parts_of(pattern) if one.is_proposed]
    days = [WantedDay(one, one.pattern.title, venues.get(one.pattern.title)) for one in days_of(monday, parts)]
    return Wish(monday, title, days)


def plan(stage: Stage) -> None:
    """Liverpool plans a residential of five days by the pattern of all."""
    first = patterns_for(stage.session, ground.organiser(stage))[0]
    wanted = week_of(stage, first, RESIDENTIAL, later=timedelta(weeks=IN_WEEKS))
    now = ago(stage, weeks=3)
    plan_residential(stage.session, ground.cohort(stage).id, wanted, actor=ground.organiser(stage), now=now)


def publish(stage: Stage) -> None:
    """And publishes it: it stands in the cohort’s calendar."""
    own = select(Event.id).join(Series, Series.id == Event.series_id).where(Series.title == RESIDENTIAL)
    for number in stage.session.scalars(own.order_by(Event.starts_at)).all():
        scheduling.publish(stage.session, number, actor=ground.organiser(stage), now=ago(stage, weeks=2))


def standings(stage: Stage) -> set[Standing]:
    """Return how researchers stand with the two events."""
    told = rolls(
        stage.session,
        ground.cohort(stage).id,
        [event(stage, INTEGRITY), event(stage, CONFERENCE)],
        now=stage.now,
    )
    return {standing for roll in told for standing, people in roll.by_standing.items() if people}


def published(stage: Stage) -> int:
    """Return how many days of the residential are published."""
    own = select(func.count()).select_from(Event).join(Series, Series.id == Event.series_id)
    days = own.where(Series.title == RESIDENTIAL, Event.state == EventState.PUBLISHED)
    return stage.session.scalar(days) or 0


def is_exempt(stage: Stage, title: str) -> bool:
    """Whether anybody need not come to an event."""
    return there(stage, TrainingExemption.event_id == event(stage, title).id)


CHAPTER = Chapter(
    "Some training is compulsory",
    (
        Step("Events are made compulsory", make_compulsory),
        Step("One of them is not, after all", let_be),
        Step("Two need not come", exempt),
        Step("One of them comes after all", take_exemption_back),
        Step("Who has not booked is reminded", chase),
        Step("A joint residential is planned", plan),
        Step("It is published", publish),
    ),
    (
        Promise(
            "a walk is compulsory.",
            lambda stage: not there(stage, CompulsoryTraining.event_id == event(stage, WALK).id),
        ),
        Promise("nobody is exempt from an event.", lambda stage: is_exempt(stage, INTEGRITY)),
        Promise("somebody is exempt by mistake.", lambda stage: not is_exempt(stage, CONFERENCE)),
        Promise(
            "researchers do not stand everywhere with what is compulsory.",
            lambda stage: standings(stage) == {*Standing} - {Standing.WAITING},
        ),
        Promise("nobody was reminded of an event.", lambda stage: there(stage, OutboxMessage.letter == NAME)),
        Promise("no residential is in the calendar.", lambda stage: published(stage) == DAYS),
    ),
)
