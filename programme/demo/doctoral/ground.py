"""Who is in the cohort, when they came, and how steps find their records, milestones and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import exists, select

from programme.demo import people
from programme.demo.doctoral.steps import MissingError
from programme.demo.pictures.papers import paper
from programme.engines.calendar.models import Event
from programme.engines.calendar.times import london_day, nearest_instant
from programme.people.affiliations import address_key, person_of
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward, Milestone, Supervision
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import SupervisionRole

if TYPE_CHECKING:
    from programme.demo.people import Somebody
    from programme.demo.stage import Stage
    from programme.engines.documents.shelf import Laid
    from programme.people.permissions import Actor
    from programme.strands.cohorts.rulebooks.queries import Book

Row = TypeVar("Row")
AWARD = "Corridor Doctoral Award (demo)"
COHORT = "The Corridor Doctoral Cohort (demo)"
OCTOBER, MORNING = 10, time(10)
WEEK = timedelta(weeks=1)
SETTLED = 8 * WEEK
"""Whoever came last has been here for so long at least."""
MOST_BYTES = 100_000
SIZE = 12

L, O = people.LIVERPOOL, people.OXFORD  # noqa: E741  the two universities, in tables
ROWAN, JUNIPER, TAMSIN = people.RESEARCHERS[:3]
LINNEA, HAMZA, WREN = people.RESEARCHERS[4:7]
NELL, COSMO = people.RESEARCHERS[12:14]
SORREL, ISAURA, PIRAN = people.LEFT
BRYONY = people.APPLICANTS[0]
TWELVE = (NELL, ISAURA, PIRAN, COSMO, SORREL, ROWAN, JUNIPER, LINNEA, HAMZA, TAMSIN, WREN, BRYONY)
"""All twelve are in one cohort, so that one grid shows them; a cohort of each year would be three grids of four."""
ALDER, ISOLDE, BEVIS, MERRYN, TARQUIN, SUNNIVA = people.SUPERVISORS


@dataclass(frozen=True, slots=True)
class Calendar:
    """When things happened, reckoned from the present day: never a fixed date.

    `october` is the first of October on which the latest entered, long enough ago that they have settled.
    """

    today: date

    @property
    def october(self) -> date:
        """The day on which the latest of the cohort entered."""
        settled = self.today - SETTLED
        year = settled.year if settled.month >= OCTOBER else settled.year - 1
        return date(year, OCTOBER, 1)

    def years_ago(self, years: int, month: int = OCTOBER, day: int = 1) -> date:
        """Return a day of the calendar year so many before that of `october`."""
        return date(self.october.year - years, month, day)

    @property
    def next_october(self) -> date:
        """The next first of October that is to come."""
        year = self.today.year
        this = date(year, OCTOBER, 1)
        return this if this > self.today else date(year + 1, OCTOBER, 1)


def calendar(stage: Stage) -> Calendar:
    """Return when things happened, as seen from the present instant."""
    return Calendar(london_day(stage.now))


def at(day: date) -> datetime:
    """Return the morning of a day."""
    return nearest_instant(datetime.combine(day, MORNING))


def ago(stage: Stage, *, weeks: float = 0, days: float = 0) -> datetime:
    """Return an instant before the present."""
    return stage.now - timedelta(weeks=weeks, days=days)


def person(stage: Stage, somebody: Somebody) -> Person:
    """Return who somebody is; MissingError where nobody knows them yet."""
    found = person_of(stage.session, key=address_key(somebody.address))
    if found is None:
        raise MissingError(f"Nobody knows {somebody.name}.")
    return found


def acting(stage: Stage, somebody: Somebody) -> Actor:
    """Return somebody as they act now."""
    return actor_of(person(stage, somebody))


def organiser(stage: Stage, university: str = people.LIVERPOOL) -> Actor:
    """Return a university’s organiser."""
    return stage.actors[university]


def award(stage: Stage) -> FundingAward:
    """Return the award."""
    return only(stage, FundingAward, FundingAward.title == AWARD, words="There is no award.")


def cohort(stage: Stage) -> Cohort:
    """Return the cohort."""
    return only(stage, Cohort, Cohort.title == COHORT, words="There is no cohort.")


def record(stage: Stage, somebody: Somebody) -> Candidature:
    """Return somebody’s record: nearly every step asks for one, so that its number is remembered.

    What a step did may be undone, and the number be another’s then: whose it is is looked at again.
    """
    number = stage.records.get(somebody.address)
    found = stage.session.get(Candidature, number) if number else None
    if found is None or found.person is None or found.person.address != somebody.address:
        own = Candidature.person_id == select(Person.id).where(Person.address == somebody.address).scalar_subquery()
        found = only(stage, Candidature, own, words=f"{somebody.name} is no researcher here.")
        stage.records[somebody.address] = found.id
    return found


def milestone(stage: Stage, somebody: Somebody, code: str, *conditions: Any) -> Milestone:
    """Return one of somebody’s milestones: the first by its term that fits."""
    own = (Milestone.candidature_id == record(stage, somebody).id, Milestone.code == code, *conditions)
    found = stage.session.scalars(select(Milestone).where(*own).order_by(Milestone.unit, Milestone.id).limit(1)).first()
    if found is None:
        raise MissingError(f"{somebody.name} has no such milestone: {code}.")
    return found


def supervision(stage: Stage, researcher: Somebody, supervisor: Somebody) -> Supervision:
    """Return how somebody supervises a researcher."""
    own = (
        Supervision.candidature_id == record(stage, researcher).id,
        Supervision.person_id == person(stage, supervisor).id,
    )
    words = f"{supervisor.name} does not supervise {researcher.name}."
    return only(stage, Supervision, *own, words=words)


def primary(stage: Stage, researcher: Somebody) -> Actor:
    """Return a researcher’s primary supervisor as they act."""
    own = (Supervision.candidature_id == record(stage, researcher).id, Supervision.role == SupervisionRole.PRIMARY)
    return actor_of(only(stage, Supervision, *own, words=f"Nobody supervises {researcher.name} first.").person)


def event(stage: Stage, title: str) -> Event:
    """Return an event."""
    return only(stage, Event, Event.title == title, words=f"There is no event “{title}”.")


def book(stage: Stage, university: str) -> Book:
    """Return a university’s rulebook with its terms."""
    return book_of(stage.session, stage.organisations[university].id)


def only(stage: Stage, model: type[Row], *conditions: Any, words: str) -> Row:
    """Return the one row that fits, as it is now; MissingError with the words where there is none."""
    found = stage.session.scalars(select(model).where(*conditions).limit(2)).all()
    if len(found) != 1:
        raise MissingError(words)
    return found[0]


def there(stage: Stage, *conditions: Any) -> bool:
    """Whether there is a row that fits."""
    return bool(stage.session.scalar(select(exists().where(*conditions))))


def laid(stage: Stage, words: str, name: str) -> Laid:
    """Lay a paper down, as a form does that a file comes with."""
    return stage.shelf.lay(BytesIO(paper(words)), name, accepts=("pdf",), most=MOST_BYTES)
