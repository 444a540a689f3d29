"""The letter of a day that lists what waits for somebody's signature, each with its own link."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from programme.core.web.words import long_date, plural
from programme.engines.calendar.times import london_day
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.mail.wording.passages import Description, Placeholder, Topic
from programme.flows.notices.described.placeholders import GREETING, case, closing, greeting, opening, subject, why
from programme.strands.cohorts.models import Signature
from programme.strands.cohorts.signing.queries import described, key_of, number_waiting, waiting_for
from programme.strands.cohorts.signing.standing import waits
from programme.strands.cohorts.signing.steps import HERE
from programme.strands.cohorts.signing.telling import GATHERED, WAITING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.strands.cohorts.signing.links import SignatureLinks
    from programme.strands.cohorts.signing.ports import SignedThings

MOST_TOLD = 30
SITE = "https://programme.example.ac.uk"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that waits: what it is, whose, since when, and where it is signed without an account."""

    title: str
    about: str
    since: str
    link: str


def compose(
    session: Session, message: OutboxMessage, *, now: datetime, links: SignatureLinks, things: SignedThings
) -> Composed | None:
    """Write the letter of everything that waits when it goes; None where nothing new does."""
    if not still_wanted(session, [message], now=now):
        return None
    wanted = waiting_for(message.person_id or 0, today=london_day(now))
    number = number_waiting(session, message.person_id or 0, today=london_day(now))
    rows = session.scalars(wanted.limit(MOST_TOLD)).all()
    told = described(session, rows, things)
    entries = [
        Entry(it.title, it.about, since(row), links.url(row))
        for row in rows
        for it in [told.get(key_of(row))]
        if it is not None
    ]
    return Composed(variables(message.recipient_name, entries, number=number, base_url=links.base_url))


def since(row: Signature) -> str:
    """Say since when something waits."""
    return f"Asked on {long_date(london_day(row.asked_at))}" if row.asked_at else ""


def variables(name: str, entries: Sequence[Entry], *, number: int, base_url: str) -> dict[str, Any]:
    """Return what the letter is written from."""
    return {
        "name": name,
        "entries": entries,
        "number": number,
        "more": number - len(entries),
        "page_url": f"{base_url}{HERE}",
    }


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters of which something is new: it was handed in since they were queued, and waits yet."""
    people = {message.person_id or 0 for message in messages}
    found = (
        select(Signature.person_id, func.max(Signature.asked_at))
        .where(Signature.person_id.in_(people), Signature.subject_kind.in_(GATHERED), waits(london_day(now)))
        .group_by(Signature.person_id)
    )
    latest = {row[0]: row[1] for row in session.execute(found) if row[1]}
    return [
        message.id
        for message in messages
        if (message.person_id or 0) in latest and latest[message.person_id or 0] >= message.created_at
    ]


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    entries = [
        Entry(title, "Alice Aldgrove", f"Asked on {day}", f"{SITE}/signatures/{number}-example")
        for number, title, day in (
            (1, "Supervision meeting of 2 March 2027", "Tuesday 2 March 2027"),
            (2, "Training: Scientific writing", "Wednesday 3 March 2027"),
        )
    ]
    return variables("Quillan Harbourne", entries, number=2, base_url=SITE)


def values(told: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders stand for."""
    waits_ = "waits" if told["number"] == 1 else "wait"
    return {"greeting": greeting(told["name"]), "number": f"{plural(told['number'], 'thing')} {waits_}"}


DESCRIPTION = Description(
    topic=Topic.RESEARCH,
    about="At four in the afternoon of a day on which a meeting was logged, or training handed in, to be agreed to:"
    " one letter with everything that waits for its reader.",
    to="Whoever signs; they need no account",
    passages=(
        subject("{number} for your signature"),
        opening("{greeting}\n\n{number} for you: read what each says, and agree or refuse."),
        closing(
            "Each link is yours alone and needs no account. Opening it changes nothing. Signed in, you find all of it"
            " on one page, where you agree to several meetings and training entries in one press."
        ),
        why("Sent once a day at most, as somebody handed in something that you are asked to sign."),
    ),
    placeholders=(GREETING, Placeholder("number", "how many wait: “3 things wait”")),
    values=values,
    cases=(case("More than the letter tells", number=41, more=39),),
)


def letters(links: SignatureLinks, things: SignedThings) -> tuple[Letter, ...]:
    """Return the kind of letter."""
    return (
        Letter(
            WAITING,
            "What waits for your signature",
            Purpose.SERVICE,
            partial(compose, links=links, things=things),
            example,
            is_private=True,
            still_wanted=still_wanted,
            description=DESCRIPTION,
        ),
    )
