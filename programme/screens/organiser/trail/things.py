"""What entries of the trail are about, as people call it now: at most one query a kind, and only what one may see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.audit import ERASED
from programme.engines.calendar.models import AcademicPeriod, Venue
from programme.engines.mail.written.models import Broadcast
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.rights import opening_scope
from programme.flows.granting.things import titles
from programme.people import queries as people
from programme.people.groups.models import Group
from programme.people.models import Organisation
from programme.people.permissions import Verb, may
from programme.screens.organiser.trail.doctoral import OWN_KINDS, RULEBOOK, called, unnamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from programme.core.audit import AuditEntry
    from programme.people.permissions import Actor

Key = tuple[str, int]
POINTERS = {"series_id": "series", "part_of_id": "event", "event_id": "event", "from": "event", "venue_id": "venue"}
"""Fields of a before and after that hold the id of something, and of what."""
NAMED = re.compile(r"(event|series) (\d{1,18})")
SOMEBODY_GONE = "Somebody whose data are deleted"
SOMEBODY = "Somebody whom it concerns"
NAMES_IN = ("title", "label", "name", "person", "address")
"""Where an entry itself tells what a thing was called, in case it is gone."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What an act was done to: words before its title, the title, and its page, where there is one for the reader."""

    lead: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What things are called; `readable` are the rolls, and what stands on them, whose people the reader may see.

    `unnamed` are entries whose doer would tell the reader about whom they are.
    """

    titles: dict[Key, str]
    names: dict[int, str]
    readable: frozenset[Key]
    unnamed: frozenset[int] = frozenset()

    def doer(self, entry: AuditEntry) -> str:
        """Say who acted."""
        if entry.person_id is None:
            return "The programme"
        if entry.id in self.unnamed:
            return SOMEBODY
        return self.names.get(entry.person_id, SOMEBODY_GONE)

    def may_read(self, entry: AuditEntry) -> bool:
        """Whether the reader may see what an entry says about a person on a roll."""
        kind = entry.subject_kind
        return kind not in {"registration", *OWN_KINDS} or (kind, entry.subject_id) in self.readable

    def thing(self, entry: AuditEntry) -> Thing:
        """Return what an entry is about."""
        kind, number = entry.subject_kind, entry.subject_id
        title = self.titles.get((kind, number)) or told_in(entry)
        if kind == "person":
            return self.person(number)
        if kind == "registration":
            url = f"/organise/registrations/{number}" if (kind, number) in self.readable else ""
            return Thing("", title if url else f"registration {number}", url)
        if kind == "letter":
            return Thing("the letter ", f"“{letter_title(entry)}”", f"/organise/mail/{number}")
        lead, address = LEADS.get(kind, (f"{kind} ", ""))
        quoted = title if kind in UNQUOTED and title else f"“{title}”" if title else f"{number}"
        is_there = (kind, number) in (self.readable if kind == "opening" else self.titles)
        return Thing(lead, quoted, address.format(number) if is_there else "")

    def person(self, number: int) -> Thing:
        """Return somebody with a role; whoever is gone has no page."""
        name = self.names.get(number)
        return Thing("", name, f"/organise/people/{number}") if name else Thing("", "somebody")


UNQUOTED = frozenset({"organisation", "candidature", RULEBOOK})
LEADS = {
    "event": ("the event ", "/organise/events/{}"),
    "series": ("the series ", "/organise/series/{}"),
    "opening": ("registration for ", "/organise/openings/{}"),
    "venue": ("the place ", "/organise/venues"),
    "academic_period": ("the dates of ", "/organise/dates"),
    "organisation": ("", ""),
    "suppression": ("the address ", ""),
    "admission": ("the admission ", ""),
    "group": ("the group ", "/organise/groups/{}"),
    "broadcast": ("the letter ", "/organise/broadcasts/{}"),
    "funding_award": ("the award ", "/organise/awards/{}"),
    "cohort": ("the cohort ", "/organise/cohorts/{}"),
    "candidature": ("the doctoral record of ", "/records/{}"),
    RULEBOOK: ("the rulebook of ", ""),
    "training_framework": ("the framework ", ""),
    "residential_pattern": ("the pattern ", ""),
}


def known(session: Session, entries: Sequence[AuditEntry], *, reader: Actor) -> Known:
    """Look up what entries are about and what their befores and afters point to."""
    keys = {(entry.subject_kind, entry.subject_id) for entry in entries} | set(pointers(entries))
    found = titles(session, keys) | places_and_dates(session, keys)
    rolls = registrations(session, [number for kind, number in keys if kind == "registration"], reader=reader)
    doctoral = called(session, keys, reader=reader)
    readable = {*openings(session, [number for kind, number in keys if kind == "opening"], reader=reader)}
    readable |= {*rolls, *doctoral}
    doers = {entry.person_id for entry in entries if entry.person_id is not None}
    doers |= {number for kind, number in keys if kind == "person"} - {ERASED}
    hidden = unnamed(session, entries, reader=reader)
    return Known(found | rolls | doctoral, people.names(session, doers), frozenset(readable), hidden)


def pointers(entries: Iterable[AuditEntry]) -> Iterator[Key]:
    """Give what befores and afters point to."""
    for entry in entries:
        for name, value in (*(entry.before or {}).items(), *(entry.after or {}).items()):
            key = pointed(name, value)
            if key:
                yield key


def pointed(name: str, value: object) -> Key | None:
    """Return what a field points to, if to anything."""
    if name in POINTERS and isinstance(value, int):
        return POINTERS[name], value
    match = NAMED.fullmatch(value) if name == "thing" and isinstance(value, str) else None
    return (match[1], int(match[2])) if match else None


def places_and_dates(session: Session, keys: set[Key]) -> dict[Key, str]:
    """Return what places, term dates, organisations, groups and broadcasts are called."""
    wanted = {kind: [number for known, number in keys if known == kind] for kind, _ in keys}
    statements = {
        "venue": select(Venue.id, Venue.name),
        "organisation": select(Organisation.id, Organisation.name),
        "academic_period": select(AcademicPeriod.id, AcademicPeriod.label),
        "group": select(Group.id, Group.title),
        "broadcast": select(Broadcast.id, Broadcast.subject_line),
    }
    columns = {
        "venue": Venue.id,
        "organisation": Organisation.id,
        "academic_period": AcademicPeriod.id,
        "group": Group.id,
        "broadcast": Broadcast.id,
    }
    return {
        (kind, row[0]): row[1]
        for kind, statement in statements.items()
        if wanted.get(kind)
        for row in session.execute(statement.where(columns[kind].in_(wanted[kind])))
    }


def registrations(session: Session, numbers: list[int], *, reader: Actor) -> dict[Key, str]:
    """Return whose registrations these are and for what, where the reader may see the people of the opening."""
    if not numbers:
        return {}
    opening = joinedload(Registration.opening)
    options = (opening.selectinload(Opening.co_owners), opening.selectinload(Opening.events))
    rows = session.scalars(select(Registration).where(Registration.id.in_(numbers)).options(*options))
    return {
        ("registration", row.id): f"{row.name}, “{row.opening.title}”"
        for row in rows
        if may(reader, Verb.SEE_PEOPLE, opening_scope(row.opening))
    }


def openings(session: Session, numbers: list[int], *, reader: Actor) -> list[Key]:
    """Return the openings whose people the reader may see."""
    if not numbers:
        return []
    options = (selectinload(Opening.co_owners), selectinload(Opening.events))
    rows = session.scalars(select(Opening).where(Opening.id.in_(numbers)).options(*options))
    return [("opening", row.id) for row in rows if may(reader, Verb.SEE_PEOPLE, opening_scope(row))]


def told_in(entry: AuditEntry) -> str:
    """Return what the entry itself calls a thing that is gone; empty where it does not."""
    for side in (entry.after or {}, entry.before or {}):
        for name in NAMES_IN:
            if isinstance(side.get(name), str) and side[name]:
                return str(side[name])
    return ""


def letter_title(entry: AuditEntry) -> str:
    """Return what a kind of letter is called."""
    name = (entry.after or {}).get("letter", "")
    letter = current_app.extensions["mail_room"].letters.get(name)
    return letter.title if letter else f"number {entry.subject_id}"
