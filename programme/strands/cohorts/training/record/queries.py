"""Named reads of training records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core.web.words import join_words
from programme.people.models import Person
from programme.strands.cohorts.models import Candidature, Supervision, TrainingEntry
from programme.strands.cohorts.rights import runs
from programme.strands.cohorts.states import SupervisionRole
from programme.strands.cohorts.training.summing import Line, Standing, Target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.strands.cohorts.models import FundingAward
    from programme.strands.cohorts.training.record.drafting import Came

MOST_ENTRIES = 1_000


def entries(session: Session, ids: Collection[int]) -> Sequence[TrainingEntry]:
    """Return what was handed in for some records, the latest first."""
    own = select(TrainingEntry).where(TrainingEntry.candidature_id.in_(ids))
    newest = own.order_by(TrainingEntry.begins_on.desc(), TrainingEntry.id.desc())
    most = MOST_ENTRIES * max(1, len(ids))
    return session.scalars(newest.options(joinedload(TrainingEntry.framework)).limit(most)).all()


def primary_of(session: Session, candidature: Candidature, *, today: date) -> Person | None:
    """Return who is primary supervisor at the home university on a day."""
    found = (
        select(Person)
        .join(Supervision, Supervision.person_id == Person.id)
        .where(
            Supervision.candidature_id == candidature.id,
            Supervision.role == SupervisionRole.PRIMARY,
            Supervision.organisation_id == candidature.home_organisation_id,
            runs(today),
        )
    )
    return session.scalars(found.order_by(Supervision.id).limit(1)).one_or_none()


def target_of(award: FundingAward) -> Target:
    """Return what an award asks a year."""
    return Target(award.training_target, award.training_unit, max(1, award.hours_a_day))


def lines(kept: Iterable[TrainingEntry], came: Iterable[Came]) -> list[Line]:
    """Return a record as sums read it: what was handed in stands before what it was drafted from."""
    return [*(line_of(row) for row in kept), *(line_of_draft(one) for one in came)]


def line_of(row: TrainingEntry) -> Line:
    """Return an entry as sums read it."""
    about = ("event", row.event_id) if row.event_id else ("entry", row.id)
    return Line(about, row.begins_on, row.minutes, Standing(row.state.value), tuple(row.codes), row.item)


def line_of_draft(came: Came) -> Line:
    """Return what is not handed in yet as sums read it."""
    about, worth = ("event", came.event.id), came.worth
    return Line(about, came.day, worth.minutes, Standing.DRAFT, tuple(worth.codes), worth.item)


def organisers_of(event: Event) -> str:
    """Return who organises an event: its lead, and those that share it."""
    return join_words([event.lead_organisation.short_name, *(row.short_name for row in event.co_owners)])
