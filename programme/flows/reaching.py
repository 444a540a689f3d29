"""Whom a change of an event would reach, counted beforehand, as far as whoever asks may know how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, false, func, or_

from programme.core.web.words import plural
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import HOLDING, RegistrationState, SeatState
from programme.flows.scheduling import lies_still_ahead, reached
from programme.flows.warning.people import run_by

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Told
    from programme.engines.calendar.models import Event
    from programme.people.permissions import Actor


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people are told: with a place, of whom so many have taken it, or waiting, each counted once.

    `others` says that people are told, too, whose number is not the asker's to know; `speakers` are told by nobody but
    the organisers.
    """

    places: int = 0
    taken: int = 0
    waiting: int = 0
    others: bool = False
    speakers: int = 0

    @property
    def known(self) -> int:
        """How many letters the asker may know of."""
        return self.places + self.waiting

    @property
    def is_any(self) -> bool:
        """Whether anybody is told."""
        return bool(self.known or self.others)

    @property
    def whom(self) -> str:
        """Say whom, for a button: nobody is the empty word."""
        if self.others:
            return "everybody concerned"
        return plural(self.known, "person", "people") if self.known else ""

    @property
    def sentence(self) -> str:
        """Say whom a change of time, place or state reaches."""
        return " ".join(filter(None, [self.those_registered, self.those_speaking]))

    @property
    def those_registered(self) -> str:
        """Say how many of those registered are told."""
        if not self.is_any:
            return "Nobody has a place yet, so nobody has to be told."
        have = f"{plural(self.places, 'person has', 'people have')} a place"
        wait = f" and {self.waiting} {'waits' if self.waiting == 1 else 'wait'} for one" if self.waiting else ""
        counted = f"{have}{wait}: each gets one letter." if self.known else ""
        hidden = "Others have registered whose number you do not see: they are told, too." if self.others else ""
        return " ".join(filter(None, [counted, hidden]))

    @property
    def those_speaking(self) -> str:
        """Say that people on the programme get no letter."""
        if not self.speakers:
            return ""
        return f"{plural(self.speakers, 'person is', 'people are')} on the programme: tell them yourself."

    @property
    def of_a_link(self) -> str:
        """Say whom another joining link reaches."""
        if not self.taken and not self.others:
            return ""
        hidden = " Others have registered whose number you do not see." if self.others else ""
        has = f"{plural(self.taken, 'person has', 'people have')} a place: each gets another link in one letter."
        return f"{has}{hidden}"


def reach_of(session: Session, event: Event, *, after: Told | None = None, actor: Actor, now: datetime) -> Reach:
    """Return whom a change would be told to, in one statement: of what is past and of archives, nobody."""
    speakers = len(event.contributions)
    if not lies_still_ahead(event, after=after, now=now):
        return Reach(speakers=speakers)
    theirs = run_by(actor)
    known: ColumnElement[bool] = false() if theirs is None else theirs
    holds = Registration.state.in_(HOLDING)
    is_lent = Seat.state == SeatState.LENT
    took = or_(is_lent, and_(Registration.state == RegistrationState.CONFIRMED, or_(Seat.id.is_(None), ~is_lent)))
    counts = (people(and_(known, or_(holds, is_lent))), people(and_(known, took)), people(known), people(~known))
    row = session.execute(reached(event.id).with_only_columns(*counts).order_by(None)).one()
    places, taken, every, others = row
    return Reach(places, taken, every - places, bool(others), speakers)


def people(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many people there are of whom something holds, each once."""
    return func.count(func.distinct(case((condition, Registration.person_id))))
