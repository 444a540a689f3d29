"""What registration keeps on somebody: what they registered for, what they answered, and whether they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.web.words import plural
from programme.engines.calendar.keeping.contacts import contacts, forget_contact, how_many
from programme.engines.calendar.models import Event
from programme.engines.questionnaire.models import Answer, AnswerSheet
from programme.engines.registration.door.group import comers
from programme.engines.registration.follow_ups.queries import request_of
from programme.engines.registration.keeping.deciding import erase_from_decisions, held_keys, written_notes
from programme.engines.registration.keeping.namelessness import forget_sensitive, make_nameless, served_their_time
from programme.engines.registration.models import Companion, Opening, Registration, RegistrationTag, Seat
from programme.people.keeping.ports import AT_ONCE, Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

PART = 100


class RegistrationsKept:
    """Registrations with their answers and seats, and who is named as the contact of openings."""

    tables = frozenset(
        {"registration", "registration_tag", "seat", "answer_sheet", "answer", "opening", "registration_note"}
        | {"follow_up_request", "companion", "companion_mark"}
        | {"decision_terms", "decision_round", "decision_line", "key_holder"}
    )

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give every registration with its answers and its seats, and the notes they wrote themselves on others."""
        yield Section("registrations", registrations(session, who))
        yield Section("notes you wrote between organisers", written_notes(session, who))
        yield Section("keys you turn for openings", held_keys(session, who))
        yield Section("contact of openings", contacts(session, Opening, who, kind="opening"))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say what goes of registrations, and what stays to be counted."""
        number = session.scalar(select(func.count()).where(Registration.person_id == who.person_id)) or 0
        if number:
            yield Fate(f"Name, address, notes and every answer in {plural(number, 'registration')}")
            why = "Both universities report how many came, and from where. It names nobody."
            yield Fate("That somebody registered, from which university, and whether they came", why)
        openings = how_many(session, Opening, who)
        if openings:
            yield Fate(
                f"The name as the contact of {plural(openings, 'opening')}: the university’s stands there instead"
            )

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Take the person out of their registrations, and out of what they are the contact of."""
        ids = session.scalars(select(Registration.id).where(Registration.person_id == who.person_id)).all()
        make_nameless(session, ids, now=now)
        erase_from_decisions(session, who)
        forget_contact(session, Opening, who, revision=Opening.revision + 1)

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Delete sensitive answers first, then take the names out of what is long over."""
        gone = forget_sensitive(session, ended_before=now - times.sensitive, limit=AT_ONCE, now=now)
        over = session.scalars(served_their_time(before=now - times.registered).limit(AT_ONCE)).all()
        make_nameless(session, over, now=now)
        return gone + len(over)


def registrations(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give somebody's registrations, some at a time."""
    statement = (
        select(Registration)
        .where(Registration.person_id == who.person_id)
        .options(
            joinedload(Registration.opening),
            joinedload(Registration.organisation),
            selectinload(Registration.answer_sheet).selectinload(AnswerSheet.answers).joinedload(Answer.question),
            selectinload(Registration.companions)
            .selectinload(Companion.answer_sheet)
            .selectinload(AnswerSheet.answers),
            selectinload(Registration.seats).options(
                joinedload(Seat.event).load_only(Event.title, Event.starts_at), selectinload(Seat.companion_marks)
            ),
        )
        .order_by(Registration.id)
        .execution_options(yield_per=PART)
    )
    for row in session.scalars(statement):
        tags = select(RegistrationTag.tag).where(RegistrationTag.registration_id == row.id)
        asked = request_of(session, row.id)
        second = {"answers to the follow-up form": answers_on(asked.sheet)} if asked else {}
        yield {**told(row), **second, "tags of organisers": sorted(session.scalars(tags))}


def told(row: Registration) -> Mapping[str, Any]:
    """Return one registration in words."""
    return {
        "for": row.opening.title,
        "name": row.name,
        "address": row.address,
        "from": row.organisation.name if row.organisation else None,
        "state": row.state.value,
        "registered by": row.source.value,
        "registered": iso(row.joined_at),
        "confirmed": iso(row.confirmed_at),
        "offered": iso(row.offered_at),
        "to answer by": iso(row.answer_by),
        "ended": iso(row.ended_at),
        "reason": row.reason,
        "note between organisers": row.note,
        "answers": answers_on(row.answer_sheet),
        "comes along": [{"name": one.name, "answers": answers_on(one.answer_sheet)} for one in row.companions],
        "leaves": iso(row.leaves_at),
        "takes single dates": row.takes_weeks,
        "events": [chair(seat) for seat in row.seats],
    }


def answers_on(sheet: AnswerSheet | None) -> list[Mapping[str, Any]]:
    """Return the answers of one sheet in words."""
    return [{"question": one.question.label, "answer": one.text} for one in sheet.answers] if sheet else []


def chair(seat: Seat) -> Mapping[str, Any]:
    """Return one chair in words."""
    return {
        "event": seat.event.title,
        "starts": iso(seat.event.starts_at),
        "seat": seat.state.value,
        "attendance": seat.attendance.value,
        "marked": iso(seat.attended_at),
        "attendance of those who come along": {one.name: one.attendance.value for one in comers(seat)[1:]},
        "lent": iso(seat.lent_at),
    }


REGISTRATIONS = RegistrationsKept()
