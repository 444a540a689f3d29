"""The letter that asks those who came how it was, with a link that serves once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.engines.mail.outbox import BULK, Post, Recipient
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.feedback.actions import ASKED
from programme.engines.registration.feedback.links import FeedbackLinks
from programme.engines.registration.feedback.queries import still_to_ask
from programme.engines.registration.models import Opening, Registration
from programme.engines.reminders.outgoing.sending import rules_in
from programme.engines.reminders.outgoing.sending import still_wanted as reminded
from programme.flows.notices.places.told import contact_of
from programme.flows.notices.reminders.facts import filled, own_words, rules_with_openings, stencil_of
from programme.flows.subjects.feedback import FEEDBACKS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links
    from programme.engines.reminders.models import ReminderRule

BY_BUTTON: Mapping[str, Any] = {"own_subject": "", "own_text": "", "blocks": [], "why": "Sent because you were there."}
"""What stands where a rule has an organiser's own words."""


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
    return compose_all(session, [message], now=now, links=links).get(message.id)


def compose_all(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, links: Links
) -> dict[int, Composed]:
    """Write letters, in as many statements as for one; those not wanted any more are left out."""
    wanted = set(still_wanted(session, messages, now=now))
    kept = [message for message in messages if message.id in wanted]
    rows = registrations(session, {message.subject_id or 0 for message in kept})
    rules = {rule.id: rule for rule, _ in rules_with_openings(session, rules_in(kept), kind=FEEDBACKS.kind).values()}
    made = FeedbackLinks(links.secret, links.base_url)
    written, told = {}, dict[tuple[int, int], tuple[dict[str, Any], str]]()
    for message in kept:
        row = rows[message.subject_id or 0]
        key = (row.opening_id, message.rule_id or 0)
        if key not in told:
            told[key] = telling(row.opening, rules.get(message.rule_id or 0))
        blanks = {"name": row.name, "feedback_url": made.url(row)}
        written[message.id] = filled(*told[key], blanks)
    return written


def registrations(session: Session, ids: Collection[int]) -> Mapping[int, Registration]:
    """Return registrations with what the letter tells of them."""
    opening = joinedload(Registration.opening).joinedload(Opening.lead_organisation)
    found = select(Registration).where(Registration.id.in_(ids)).options(opening)
    return {row.id: row for row in session.scalars(found.execution_options(populate_existing=True))}


def telling(opening: Opening, rule: ReminderRule | None) -> tuple[dict[str, Any], str]:
    """Return what all letters of an opening and a rule say, or of a button, and their stencil."""
    own = own_words(rule, FEEDBACKS) if rule else BY_BUTTON
    shared = {"title": opening.title, "contact": contact_of(opening)[0], **own}
    return shared, stencil_of(ASKED, shared)


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters to those who came and have not answered; what a rule sends, as long as it stands."""
    by_rule = [message for message in messages if message.rule_id is not None]
    ids = [message.subject_id or 0 for message in messages if message.rule_id is None]
    asked = set(session.scalars(still_to_ask(ids))) if ids else set()
    pressed = [message.id for message in messages if message.rule_id is None and message.subject_id in asked]
    return [*pressed, *(reminded(session, by_rule, now=now, subject=FEEDBACKS) if by_rule else ())]


def shared_of(
    session: Session, rules: Collection[tuple[ReminderRule, Opening]], *, now: datetime, links: Links
) -> dict[int, tuple[dict[str, Any], str]]:
    """Return for each rule what its letters say: for a look beforehand."""
    del session, now, links
    return {rule.id: telling(opening, rule) for rule, opening in rules}


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    url = "https://programme.example.ac.uk/feedback/1-example"
    told = {"name": "Alice Aldgrove", "title": "Quantum sensing for chemists", "contact": "Olga Oakhurst"}
    return {**told, "feedback_url": url, **BY_BUTTON}


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kind of letter that asks how it was."""
    write, write_all = partial(compose, links=links), partial(compose_all, links=links)
    asked = Letter(
        ASKED, "How was it?", Purpose.SERVICE, write, example, still_wanted=still_wanted, compose_all=write_all
    )
    return (asked,)
