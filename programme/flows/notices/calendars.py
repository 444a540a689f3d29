"""Letters about calendars that we follow: one cannot be read for some days, and it can again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from programme.engines.mail.addresses.models import LetterChoice
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import USUAL, Post, Recipient, post_all
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.mail.states import OutboxState
from programme.people.models import Organisation, Person, Role, RoleGrant

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

FAILING, WORKS = "calendar_failing", "calendar_works"
SUBJECT = "subscribed_address"
TOLD_AFTER, USEFUL_FOR = timedelta(days=3), timedelta(days=7)
MOST_TOLD = 50
S = OutboxState
LEFT = (S.SENT, S.SENDING, S.UNKNOWN, S.BUNDLED)


def tell_failing(session: Session, address: SubscribedAddress, *, now: datetime) -> int:
    """Queue the letter to the organisers once a calendar could not be read for days, or is gone for good.

    Once for each time that it fails, as its key hangs on when it was read last. Those who get the morning letter read
    it there.
    """
    is_late = now - began(address) >= TOLD_AFTER
    if not is_late and address.state is not AddressState.PAUSED:
        return 0
    morning = select(LetterChoice.person_id).where(LetterChoice.wants_morning)
    people = session.scalars(organisers(address).where(Person.id.not_in(morning))).all()
    return post_all(session, [letter_to(session, FAILING, address, who, now=now) for who in people], now=now)


def tell_works(session: Session, address: SubscribedAddress, *, now: datetime) -> int:
    """Queue the letter that a calendar is read again, to those who were told that it was not; before that is noted."""
    told = select(OutboxMessage.person_id).where(
        OutboxMessage.letter == FAILING,
        OutboxMessage.subject_kind == SUBJECT,
        OutboxMessage.subject_id == address.id,
        OutboxMessage.dedup_key.startswith(f"{key_of(FAILING, address)}:", autoescape=True),
        OutboxMessage.state.in_(LEFT),
    )
    people = session.scalars(organisers(address).where(Person.id.in_(told))).all()
    return post_all(session, [letter_to(session, WORKS, address, who, now=now) for who in people], now=now)


def began(address: SubscribedAddress) -> datetime:
    """Return since when a calendar that fails has failed, at the latest."""
    return address.succeeded_at or address.made_at


def key_of(letter: str, address: SubscribedAddress) -> str:
    """Return what the keys of a letter begin with: another time that it fails is another."""
    return f"{letter}:{address.id}:{began(address).astimezone(UTC):%Y%m%d%H%M%S}"


def organisers(address: SubscribedAddress) -> Select[Person]:
    """Return those who organise where a calendar is followed, the first some of them."""
    within = or_(RoleGrant.strand.is_(None), RoleGrant.strand == address.strand)
    granted = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.ORGANISER,
        RoleGrant.organisation_id == address.organisation_id,
        RoleGrant.subject_kind.is_(None),
        within,
    )
    return select(Person).where(Person.id.in_(granted)).order_by(Person.id).limit(MOST_TOLD)


def letter_to(session: Session, letter: str, address: SubscribedAddress, who: Person, *, now: datetime) -> Post:
    """Return one of the letters to one organiser."""
    organisation = session.get_one(Organisation, address.organisation_id)
    return Post(
        letter=letter,
        key=f"{key_of(letter, address)}:{who.id}",
        recipient=Recipient(who.address, who.name, who.id),
        subject=(SUBJECT, address.id),
        context={"since": began(address).isoformat()},
        sender_name=organisation.name,
        reply_to=organisation.contact_address,
        organisation_id=organisation.id,
        strand=address.strand,
        valid_until=now + USEFUL_FOR,
        priority=USUAL,
    )


def compose(session: Session, message: OutboxMessage, *, now: datetime, base_url: str) -> Composed | None:
    """Write a letter while it is true, and its reader organises there; None else."""
    address = session.get(SubscribedAddress, message.subject_id or 0)
    if address is None or not still_wanted(session, [message], now=now):
        return None
    return Composed(
        {
            "name": message.recipient_name,
            "title": address.title,
            "trouble": address.trouble,
            "since": datetime.fromisoformat(message.context["since"]),
            "is_gone": address.state is AddressState.PAUSED,
            "link": f"{base_url}/organise/imports/addresses/{address.id}",
        }
    )


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters that are true still, of those who organise there still: one query."""
    del now
    within = or_(RoleGrant.strand.is_(None), RoleGrant.strand == SubscribedAddress.strand)
    runs = and_(
        RoleGrant.role == Role.ORGANISER,
        RoleGrant.organisation_id == SubscribedAddress.organisation_id,
        RoleGrant.subject_kind.is_(None),
        RoleGrant.person_id.in_({row.person_id for row in messages if row.person_id is not None}),
        within,
    )
    found = select(SubscribedAddress.id, RoleGrant.person_id, SubscribedAddress.trouble).join(RoleGrant, runs)
    rows = session.execute(found.where(SubscribedAddress.id.in_({row.subject_id for row in messages})))
    fails = {(address_id, person_id): bool(trouble) for address_id, person_id, trouble in rows}
    return [
        row.id for row in messages if fails.get((row.subject_id or 0, row.person_id or 0)) is (row.letter == FAILING)
    ]


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of both kinds of letter."""
    return {
        "name": "Olga Oakhurst",
        "title": "Talks of the department of botany",
        "trouble": "talks.example.ac.uk has trouble of its own: it answers 500.",
        "since": datetime(2027, 1, 12, 9, 15, tzinfo=UTC),
        "is_gone": False,
        "link": "https://programme.example.ac.uk/organise/imports/addresses/1",
    }


def letters(base_url: str) -> tuple[Letter, ...]:
    """Return the kinds of letter about calendars that we follow."""
    write = partial(compose, base_url=base_url)
    titles = {FAILING: "A followed calendar cannot be read", WORKS: "A followed calendar is read again"}
    return tuple(
        Letter(name, title, Purpose.SERVICE, write, example, still_wanted=still_wanted)
        for name, title in titles.items()
    )
