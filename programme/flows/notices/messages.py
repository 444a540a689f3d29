"""What organisers write to the people on a roll themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import joinedload

from programme.engines.mail.outbox import BULK, Post, Recipient
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.models import Opening, Registration
from programme.flows.notices.places.standing import claims
from programme.flows.notices.places.told import contact_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links

MESSAGE = "organiser_message"
BLANK_LINES = re.compile(r"\n\s*\n")
ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)’”])")
ITEM = "- "


@dataclass(frozen=True, slots=True)
class Message:
    """What is written; `once` is random for each message, so that the same one never goes out twice."""

    once: str
    subject: str
    text: str


def post_for(opening: Opening, row: Registration, message: Message) -> Post:
    """Return the letter to one person; answers go to the opening's shared mailbox."""
    name, address = contact_of(opening)
    return Post(
        letter=MESSAGE,
        key=f"{MESSAGE}:{opening.id}:{message.once}:{row.id}",
        recipient=Recipient(row.address, row.name, row.person_id),
        subject=("registration", row.id),
        context={"subject": message.subject, "text": message.text},
        sender_name=name,
        reply_to=address,
        organisation_id=opening.lead_organisation_id,
        strand=opening.strand,
        priority=BULK,
    )


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write the letter as it was meant; None where the registration is gone, or has ended since it was written."""
    del now
    options = [joinedload(Registration.opening).joinedload(Opening.lead_organisation)]
    row = session.get(Registration, message.subject_id or 0, options=options)
    if row is None or has_ended_since(message, row.ended_at):
        return None
    return Composed(words_of(row, message.context, manage_url=links.url(row)))


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters to those whose registration has not ended since."""
    standing = claims(session, {message.subject_id or 0 for message in messages}, now=now)
    known = [(message, standing.get(message.subject_id or 0)) for message in messages]
    return [row.id for row, claim in known if claim and not has_ended_since(row, claim.ended_at)]


def has_ended_since(message: OutboxMessage, ended_at: datetime | None) -> bool:
    """Whether somebody was written to while registered, and is so no more; those who were not are still meant."""
    return ended_at is not None and ended_at > message.created_at


def words_of(row: Registration, context: Mapping[str, Any], *, manage_url: str) -> dict[str, Any]:
    """Return the variables of the three templates."""
    text = str(context.get("text", ""))
    return {
        "name": row.name,
        "title": row.opening.title,
        "subject": str(context.get("subject", "")),
        "text": text,
        "blocks": blocks_of(text),
        "sender": contact_of(row.opening)[0],
        "manage_url": manage_url,
    }


def blocks_of(text: str) -> list[dict[str, Any]]:
    """Return paragraphs and lists of what was typed, each line cut into words and addresses."""
    blocks = []
    for block in BLANK_LINES.split(text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        for is_list, found in groupby(lines, key=lambda line: line.startswith(ITEM)):
            blocks.append({"is_list": is_list, "lines": [pieces(line.removeprefix(ITEM)) for line in found]})
    return blocks


def pieces(line: str) -> list[tuple[str, bool]]:
    """Cut a line into (text, whether it is an address of the web)."""
    return [(part, bool(ADDRESS.fullmatch(part))) for part in ADDRESS.split(line) if part]


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    text = "The doors open at 13:30.\n\n- Bring a card with your photograph.\n- Lunch is at https://example.ac.uk/map"
    return {
        "name": "Alice Aldgrove",
        "title": "Quantum sensing for chemists",
        "subject": "What to bring on Tuesday",
        "text": text,
        "blocks": blocks_of(text),
        "sender": "Olga Oakhurst",
        "manage_url": "https://programme.example.ac.uk/registrations/1-example",
    }


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kind of letter that organisers write themselves."""
    write = partial(compose, links=links)
    return (
        Letter(MESSAGE, "A letter from the organisers", Purpose.SERVICE, write, example, still_wanted=still_wanted),
    )
