"""The letter to an address that is on no list: the page tells whoever typed it nothing, so the address is told."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from programme.engines.mail.outbox import URGENT, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.drafts.keeping import DRAFT
from programme.engines.registration.drafts.links import draft_url
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.models import Opening
from programme.engines.registration.states import OpeningState
from programme.engines.registration.terms import UNLISTED
from programme.flows.notices.places.told import contact_of
from programme.people.affiliations import address_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links

NOT_LISTED = "address_not_listed"
TITLE = "An address may not register"


def tell_not_listed(
    session: Session, opening: Opening, address: str, *, now: datetime, draft_id: int | None = None
) -> None:
    """Queue the letter; once an hour at most. It names nobody: whoever typed the address may have typed any name.

    A draft's has the link by which it is gone on with from now on; that is sent whenever a draft was.
    """
    name, contact = contact_of(opening)
    marked = hashlib.sha256(address_key(address).encode()).hexdigest()[:16]
    turn = f"{now:%Y%m%d%H}" if draft_id is None else f"draft-{draft_id}-{now:%Y%m%d%H%M%S%f}"
    row = Post(
        letter=NOT_LISTED,
        key=f"{NOT_LISTED}:{opening.id}:{marked}:{turn}",
        recipient=Recipient(address.strip()),
        subject=("opening", opening.id),
        context={} if draft_id is None else {DRAFT: draft_id},
        sender_name=name,
        reply_to=contact,
        organisation_id=opening.lead_organisation_id,
        strand=opening.strand,
        valid_until=opening.closes_at,
        priority=URGENT,
    )
    post(session, row, now=now)


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write the letter; None where registration has ended, or is for a list no more."""
    opening = next(iter(limited(session, [message], now=now)), None)
    if opening is None:
        return None
    draft = session.get(Draft, message.context.get(DRAFT) or 0, populate_existing=True)
    is_theirs = draft is not None and draft.address_key == address_key(message.recipient)
    url = draft_url(links, draft) if draft and is_theirs else f"{links.base_url}/openings/{opening.id}/registration"
    told = {"title": opening.title, "register_url": url, "is_kept": is_theirs}
    return Composed({**told, "contact": contact_of(opening)[0]})


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose opening is open, and still for a list alone."""
    known = {opening.id for opening in limited(session, messages, now=now)}
    return [message.id for message in messages if message.subject_id in known]


def limited(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> list[Opening]:
    """Return the openings of letters whose registration is open, for those on a list alone."""
    is_open = or_(Opening.closes_at.is_(None), Opening.closes_at > now)
    statement = (
        select(Opening)
        .where(Opening.id.in_({message.subject_id or 0 for message in messages}))
        .where(Opening.eligibility.in_(list(UNLISTED)), Opening.state == OpeningState.OPEN, is_open)
        .options(joinedload(Opening.lead_organisation))
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of the letter."""
    url = "https://programme.example.ac.uk/openings/quantum-sensing-1/registration"
    told = {"title": "Quantum sensing for chemists", "register_url": url, "is_kept": False}
    return {**told, "contact": "Knowledge exchange, Oxford"}


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the one kind of letter to an address that is on no list."""
    write = partial(compose, links=links)
    return (Letter(NOT_LISTED, TITLE, Purpose.SERVICE, write, example, still_wanted=still_wanted),)
