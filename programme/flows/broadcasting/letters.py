"""The two kinds of letter that organisers write to many: to those whom something concerns, and news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.mail.states import BroadcastState, Scope
from programme.engines.mail.written.models import Broadcast
from programme.flows.broadcasting.audiences import recipients
from programme.flows.broadcasting.sending import BROADCAST, LETTERS
from programme.flows.broadcasting.telling import names_in, reason
from programme.flows.notices.messages import blocks_of
from programme.people.models import Organisation, Person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage

NAMELESS = "reader"
NEWS_LETTER = LETTERS[Purpose.MARKETING]


def compose(session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
    """Write one letter; None where it is no longer wanted."""
    return composed(session, [message], now=now).get(0)


def compose_all(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> dict[int, Composed]:
    """Write several letters, each broadcast's words once; those that are no longer wanted are left out."""
    return {messages[place].id: letter for place, letter in composed(session, messages, now=now).items()}


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> set[int]:
    """Ask again which letters are wanted."""
    wanted = wanted_people(session, messages, now=now)
    return {row.id for row in messages if (row.subject_id, row.person_id) in wanted}


def composed(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> dict[int, Composed]:
    """Write letters, by their place in the list: one that is only looked at has no id."""
    wanted = wanted_people(session, messages, now=now)
    words = {row.id: words_of(session, row) for row in written(session, messages)}
    names = names_of(session, [person for _, person in wanted])
    return {
        place: letter_to(names.get(row.person_id or 0) or NAMELESS, words[row.subject_id or 0])
        for place, row in enumerate(messages)
        if (row.subject_id, row.person_id) in wanted
    }


def written(session: Session, messages: Sequence[OutboxMessage]) -> Sequence[Broadcast]:
    """Return the broadcasts that letters belong to, as they are now."""
    ids = {row.subject_id for row in messages if row.subject_id is not None}
    found = select(Broadcast).where(Broadcast.id.in_(ids), Broadcast.state != BroadcastState.CANCELLED)
    return session.scalars(found.execution_options(populate_existing=True)).all()


def wanted_people(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> set[tuple[int, int]]:
    """Return broadcast and person of letters that are wanted.

    The broadcast is not called off, and its audience still holds the person, whose data are not gone: whoever has
    cancelled since, or asks for no more news, is not written to.
    """
    found: set[tuple[int, int]] = set()
    for broadcast in written(session, messages):
        people = [row.person_id for row in messages if row.subject_id == broadcast.id and row.person_id is not None]
        still = recipients(broadcast, now=now).where(Person.id.in_(people))
        found |= {(broadcast.id, person_id) for person_id in session.scalars(still)}
    return found


def names_of(session: Session, person_ids: Sequence[int]) -> dict[int, str]:
    """Return what people are called in letters."""
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids))).all())


def words_of(session: Session, broadcast: Broadcast) -> dict[str, Any]:
    """Return what a broadcast says to everybody alike."""
    organisation = session.get_one(Organisation, broadcast.organisation_id)
    is_news = broadcast.purpose is Purpose.MARKETING
    names = names_in(session, [broadcast.audience])
    return {
        "subject": broadcast.subject_line,
        "text": broadcast.text.replace("\r\n", "\n").strip(),
        "blocks": blocks_of(broadcast.text),
        "sender": organisation.name,
        "why": reason(broadcast.audience, names, organisation=organisation.name, is_news=is_news),
        "stencil": f"{BROADCAST}:{broadcast.id}:{broadcast.version}",
    }


def letter_to(name: str, words: Mapping[str, Any]) -> Composed:
    """Return a broadcast as one person gets it: the same for all but for the name."""
    return Composed({**words, "name": name}, blanks={"name": name}, stencil=words["stencil"])


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of these kinds of letter."""
    text = "The doors open at 13:30.\n\n- Bring a card with your photograph.\n- Lunch is at https://example.ac.uk/map"
    return {
        "name": "Alice Aldgrove",
        "subject": "What to bring on Tuesday",
        "text": text,
        "blocks": blocks_of(text),
        "sender": "University of Liverpool",
        "why": "You get this because you registered for Quantum sensing for chemists.",
        "unsubscribe_url": "https://programme.example.ac.uk/letters/1-example/unsubscribe",
    }


LETTERS_TO_MANY = (
    Letter(
        BROADCAST,
        "A letter to many",
        Purpose.SERVICE,
        compose,
        example,
        still_wanted=still_wanted,
        compose_all=compose_all,
        declinable=Scope.SERVICE,
    ),
    Letter(
        NEWS_LETTER,
        "News and invitations",
        Purpose.MARKETING,
        compose,
        example,
        still_wanted=still_wanted,
        compose_all=compose_all,
        declinable=Scope.MARKETING,
    ),
)
