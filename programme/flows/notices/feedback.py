"""The letter that asks those who came how it was, with a link that serves once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import joinedload

from programme.engines.mail.outbox import BULK, Post, Recipient
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.feedback.actions import reason_against
from programme.engines.registration.feedback.links import FeedbackLinks
from programme.engines.registration.feedback.queries import still_to_ask
from programme.engines.registration.models import Opening, Registration
from programme.flows.notices.places.told import contact_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links

ASKED = "feedback_asked"


def post_for(opening: Opening, row: Registration) -> Post:
    """Return the letter to one person; a second one has the same key, and does not go."""
    name, address = contact_of(opening)
    return Post(
        letter=ASKED,
        key=f"{ASKED}:{row.id}",
        recipient=Recipient(row.address, row.name, row.person_id),
        subject=("registration", row.id),
        sender_name=name,
        reply_to=address,
        organisation_id=opening.lead_organisation_id,
        strand=opening.strand,
        priority=BULK,
    )


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write the letter; None where it has been answered, or they are not marked as present any more."""
    del now
    options = [joinedload(Registration.opening).joinedload(Opening.lead_organisation)]
    row = session.get(Registration, message.subject_id or 0, options=options)
    if row is None or reason_against(session, row):
        return None
    url = FeedbackLinks(links.secret, links.base_url).url(row.id, version=row.link_version)
    return Composed(words_of(row.name, row.opening.title, contact_of(row.opening)[0], url))


def words_of(name: str, title: str, contact: str, url: str) -> dict[str, Any]:
    """Return the variables of the three templates."""
    return {"name": name, "title": title, "contact": contact, "feedback_url": url}


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters to those who came and have not answered."""
    del now
    asked = set(session.scalars(still_to_ask([message.subject_id or 0 for message in messages])))
    return [message.id for message in messages if message.subject_id in asked]


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    url = "https://programme.example.ac.uk/feedback/1-example"
    return words_of("Alice Aldgrove", "Quantum sensing for chemists", "Olga Oakhurst", url)


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kind of letter that asks how it was."""
    write = partial(compose, links=links)
    return (Letter(ASKED, "How was it?", Purpose.SERVICE, write, example, still_wanted=still_wanted),)
