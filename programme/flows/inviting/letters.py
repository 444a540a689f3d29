"""The letter that invites: it holds the link of one address, and is reckoned as it goes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.engines.mail.outbox import BULK, Post, Recipient, post_all
from programme.engines.mail.ports import Letter, Purpose
from programme.engines.registration.eligibility.links import INVITATION, url_of
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Opening
from programme.engines.registration.queries import terms_of
from programme.engines.registration.states import InvitationState, OpeningState
from programme.engines.registration.terms import Window, window
from programme.flows.notices.described.placeholders import greeting
from programme.flows.notices.places.told import contact_of
from programme.flows.notices.reminders.facts import filled, stencil_of
from programme.flows.notices.reminders.openings import facts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.ports import Composed
    from programme.engines.registration.links import Links

INVITED = "invited"
AT_ONCE = 500
SITE = "https://programme.example.ac.uk"


def tell_invited(session: Session, opening: Opening, invitations: Iterable[Invitation], *, now: datetime) -> None:
    """Queue the letter to each who is invited and has not answered; none while the opening is a draft."""
    if opening.state is OpeningState.DRAFT:
        return
    name, address = contact_of(opening)
    silent = [row for row in invitations if row.state is InvitationState.SILENT]
    letters = [
        Post(
            letter=INVITED,
            key=f"{INVITED}:{row.id}:{row.link_version}:{row.invited_at:%Y%m%d%H%M%S%f}",
            recipient=Recipient(row.address, row.name),
            subject=(INVITATION, row.id),
            sender_name=name,
            reply_to=address,
            organisation_id=opening.lead_organisation_id,
            strand=opening.strand,
            valid_until=opening.closes_at,
            priority=BULK,
        )
        for row in silent
    ]
    for start in range(0, len(letters), AT_ONCE):
        post_all(session, letters[start : start + AT_ONCE], now=now)


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write one letter; None where the invitation is answered or revoked, or registration has ended."""
    return compose_all(session, [message], now=now, links=links).get(message.id)


def compose_all(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, links: Links
) -> dict[int, Composed]:
    """Write letters, in as many statements as for one; those not wanted any more are left out."""
    written, told = {}, dict[int, tuple[dict[str, Any], str]]()
    standing = standing_of(session, messages, now=now)
    for message in messages:
        row = standing.get(message.subject_id or 0)
        if row is None:
            continue
        if row.opening_id not in told:
            shared = facts_of(row.opening, base_url=links.base_url, now=now)
            told[row.opening_id] = shared, stencil_of(INVITED, shared)
        url = url_of(links, row.id, version=row.link_version)
        own = {"greeting": greeting(row.name), "invite_url": url, "address": row.address}
        written[message.id] = filled(*told[row.opening_id], own)
    return written


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose invitation stands and has no answer."""
    standing = standing_of(session, messages, now=now)
    return [message.id for message in messages if message.subject_id in standing]


def standing_of(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Mapping[int, Invitation]:
    """Return the invitations of letters that stand, have no answer, and lead to what one may still register for."""
    opening = joinedload(Invitation.opening)
    statement = (
        select(Invitation)
        .where(Invitation.id.in_({message.subject_id or 0 for message in messages}))
        .where(Invitation.state == InvitationState.SILENT)
        .options(opening.joinedload(Opening.lead_organisation), opening.selectinload(Opening.events))
        .options(opening.selectinload(Opening.members_of))
        .execution_options(populate_existing=True)
    )
    rows = session.scalars(statement).all()
    open_here = {one.id: window(terms_of(one), now) in {Window.OPEN, Window.NOT_YET} for one in openings_of(rows)}
    return {row.id: row for row in rows if open_here[row.opening_id]}


def openings_of(rows: Iterable[Invitation]) -> Iterable[Opening]:
    """Return the openings of invitations, each once."""
    return {row.opening_id: row.opening for row in rows}.values()


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    return {
        "greeting": "Dear Alice Aldgrove,",
        "address": "alice@liverpool.example.ac.uk",
        "title": "Quantum sensing for chemists",
        "closes": "Tuesday 9 February, 14:00 GMT, in 2 days",
        "days": [("Quantum sensing for chemists", "Tuesday 16 February 2027, 14:00 to 15:00 GMT")],
        "invite_url": f"{SITE}/invitations/1-example",
        "contact": "Knowledge exchange, Oxford",
    }


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kind of letter that invites."""
    return (
        Letter(
            INVITED,
            "An invitation to register",
            Purpose.SERVICE,
            partial(compose, links=links),
            example,
            still_wanted=still_wanted,
            compose_all=partial(compose_all, links=links),
        ),
    )
