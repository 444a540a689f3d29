"""Handing over a colleague's things when they leave: contacts and roles go to a successor, counted beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.web.words import plural
from programme.engines.calendar.models import Event, Series
from programme.engines.registration.models import Opening
from programme.flows.notices.people import accounts
from programme.people import roles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.models import Organisation, Person, Strand
    from programme.people.permissions import Actor

Led = type[Event] | type[Series] | type[Opening]
NOT_YOURS = "You can hand over only what your own organisation leads."
SAME_PERSON = "Choose somebody else: these are their own things already."
NOTHING = "There is nothing to hand over."


@dataclass(frozen=True, slots=True)
class Things:
    """How much changes hands."""

    openings: int = 0
    events: int = 0
    series: int = 0
    roles: int = 0

    @property
    def total(self) -> int:
        """Return how many things there are in all."""
        return self.openings + self.events + self.series + self.roles

    def in_words(self) -> list[str]:
        """Return `3 events`, `1 opening` and so on, without what there is none of."""
        counted = (
            (self.events, plural(self.events, "event")),
            (self.series, plural(self.series, "series", "series")),
            (self.openings, plural(self.openings, "opening")),
            (self.roles, plural(self.roles, "role")),
        )
        return [words for number, words in counted if number]


def preview(session: Session, *, actor: Actor, leaver: Person, successor: Person, organisation: Organisation) -> Things:
    """Return what `hand_over` would move now; Refusal where it may not be."""
    if leaver.id == successor.id:
        raise Refusal(SAME_PERSON, field="address")
    strands = strands_of(actor, organisation)
    return Things(
        openings=count(session, Opening, held_by(Opening, leaver, organisation, strands)),
        events=count(session, Event, held_by(Event, leaver, organisation, strands)),
        series=count(session, Series, held_by(Series, leaver, organisation, strands)),
        roles=len(roles.grants_to_move(leaver, organisation=organisation.id, strands=strands)),
    )


def hand_over(
    session: Session, *, actor: Actor, leaver: Person, successor: Person, organisation: Organisation, now: datetime
) -> Things:
    """Make `successor` the contact of what `leaver` looks after for `organisation`, and give them the roles for it.

    Openings come before events, as in every lock. An event that changed its contact has a new version.
    """
    things = preview(session, actor=actor, leaver=leaver, successor=successor, organisation=organisation)
    if not things.total:
        raise Refusal(NOTHING)
    strands = strands_of(actor, organisation)
    for model, more in changes(now):
        contact = {"contact_name": successor.name, "contact_address": successor.address}
        held = held_by(model, leaver, organisation, strands)
        session.execute(update(model).where(*held).values(**contact, **more))
    moved = roles.grants_to_move(leaver, organisation=organisation.id, strands=strands)
    roles.move_grants(session, moved, leaver=leaver, successor=successor, actor=actor, now=now)
    trail(session, things, actor=actor, leaver=leaver, successor=successor, organisation=organisation, now=now)
    accounts.tell_of_things(session, things, leaver=leaver, successor=successor, organisation=organisation, now=now)
    return things


def changes(now: datetime) -> list[tuple[Led, dict[str, Any]]]:
    """Return the tables to change, in the order of locks, with what changes beside the contact."""
    return [
        (Opening, {"revision": Opening.revision + 1}),
        (Event, {"version": Event.version + 1, "changed_at": now}),
        (Series, {}),
    ]


def strands_of(actor: Actor, organisation: Organisation) -> Sequence[Strand]:
    """Return the strands whose things `actor` may hand over; Refusal where there is none."""
    strands = roles.strands_to_hand_over(actor, organisation=organisation.id)
    if not strands:
        raise Refusal(NOT_YOURS)
    return strands


def held_by(
    model: Led, leaver: Person, organisation: Organisation, strands: Sequence[Strand]
) -> tuple[ColumnElement[bool], ...]:
    """Return the condition for what `leaver` is the contact of."""
    return (
        model.lead_organisation_id == organisation.id,
        func.lower(model.contact_address) == leaver.address_key,
        model.strand.in_(strands),
    )


def count(session: Session, model: Led, condition: tuple[ColumnElement[bool], ...]) -> int:
    """Return how many rows meet the condition."""
    return session.scalar(select(func.count()).select_from(model).where(*condition)) or 0


def trail(
    session: Session,
    things: Things,
    *,
    actor: Actor,
    leaver: Person,
    successor: Person,
    organisation: Organisation,
    now: datetime,
) -> None:
    """Write into the trail who handed what to whom."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb="hand over",
        subject=("person", leaver.id),
        organisation_id=organisation.id,
        now=now,
        before={"person": leaver.name or leaver.address},
        after={"person": successor.name or successor.address, "things": ", ".join(things.in_words())},
    )
