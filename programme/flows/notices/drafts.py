"""Letters about forms that are not sent yet: the link to go on with one, and that its opening closes soon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.mail.outbox import URGENT, USUAL, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.drafts.links import draft_url
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.drafts.queries import draft_with_opening
from programme.engines.registration.models import Opening
from programme.engines.registration.states import OpeningState
from programme.flows.notices.places.told import contact_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links

BEGUN, WAITING = "draft_begun", "draft_waiting"
TITLES = {BEGUN: "The link to a form that is not sent yet", WAITING: "A form is not sent yet, and closes soon"}


def tell_begun(session: Session, draft: Draft, opening: Opening, *, now: datetime) -> None:
    """Queue the letter with the link; to each address once, for each link."""
    send(session, draft, opening, BEGUN, key=f":{draft.address_key}", now=now)


def tell_waiting(session: Session, draft: Draft, *, now: datetime) -> None:
    """Queue the letter that registration closes soon; once for each closing."""
    closes_at = draft.opening.closes_at
    send(session, draft, draft.opening, WAITING, key=f":{closes_at:%Y%m%d%H%M}", now=now)


def send(session: Session, draft: Draft, opening: Opening, letter: str, *, key: str, now: datetime) -> None:
    """Queue one letter about a draft. It is of no organisation: nobody else is to know of what is not sent."""
    name, address = contact_of(opening)
    row = Post(
        letter=letter,
        key=f"{letter}:{draft.id}-{draft.link_version}{key}",
        recipient=Recipient(draft.address, draft.name, draft.person_id),
        subject=("draft", draft.id),
        context={"to": draft.address_key},
        sender_name=name,
        reply_to=address,
        valid_until=opening.closes_at,
        priority=URGENT if letter == BEGUN else USUAL,
    )
    post(session, row, now=now)


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write a letter while its draft is there, and may still be sent."""
    draft = draft_with_opening(session, message.subject_id or 0)
    if draft is None or not is_wanted(
        message, draft.address_key, draft.opening.state, draft.opening.closes_at, now=now
    ):
        return None
    opening = draft.opening
    told = {"name": draft.name, "title": opening.title, "url": draft_url(links, draft), "closes_at": opening.closes_at}
    return Composed({**told, "contact": contact_of(opening)[0], "now": now})


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose draft is there, and may still be sent."""
    ids = {message.subject_id for message in messages}
    columns = select(Draft.id, Draft.address_key, Opening.state, Opening.closes_at)
    found = session.execute(columns.join(Opening, Opening.id == Draft.opening_id).where(Draft.id.in_(ids)))
    known = {row[0]: row[1:] for row in found}
    return [
        message.id
        for message in messages
        if message.subject_id in known and is_wanted(message, *known[message.subject_id], now=now)
    ]


def is_wanted(
    message: OutboxMessage, key: str, state: OpeningState, closes_at: datetime | None, *, now: datetime
) -> bool:
    """Whether the draft is still this address's, and its form may still be sent."""
    is_open = state is OpeningState.OPEN and (closes_at is None or closes_at > now)
    return is_open and message.context.get("to") == key


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of a kind of letter."""
    closes = datetime(2027, 2, 12, 17, tzinfo=UTC)
    return {
        "name": "Alice Aldgrove",
        "title": "Accelerator methods placements",
        "url": "https://programme.example.ac.uk/drafts/1-example",
        "closes_at": closes,
        "contact": "Placements, Liverpool",
        "now": closes - timedelta(days=3),
    }


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kinds of letter about drafts."""
    write = partial(compose, links=links)
    return tuple(
        Letter(name, title, Purpose.SERVICE, write, example, still_wanted=still_wanted, is_private=True)
        for name, title in TITLES.items()
    )
