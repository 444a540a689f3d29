"""Letters that remind of the end of registration: those who have not registered, and the organisers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.converters import slug
from programme.core.web.words import deadline
from programme.engines.calendar.actions.values import told_of, when_words
from programme.engines.registration.eligibility.links import INVITATION, url_of
from programme.engines.reminders.models import Audience, ReminderRule
from programme.engines.reminders.outgoing.sending import rules_in, wanted
from programme.flows.notices.places.told import contact_of
from programme.flows.notices.reminders.events import managed, rolls
from programme.flows.notices.reminders.facts import filled, own_words, rules_with_openings, stencil_of, title_of
from programme.flows.notices.reminders.numbers import of_openings
from programme.flows.subjects.openings import BRIEFING, CLOSES, OPENINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.ports import Composed
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Opening


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write one reminder; None where registration ends at another time, or its reader need not be told any more."""
    return compose_all(session, [message], now=now, links=links).get(message.id)


def compose_all(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, links: Links
) -> dict[int, Composed]:
    """Write reminders of one kind, in as many statements as for one; those not wanted any more are left out."""
    found = rules_with_openings(session, rules_in(messages), kind=OPENINGS.kind)
    anchors = {key: (rule, opening.closes_at) for key, (rule, opening) in found.items() if opening.closes_at}
    kept = wanted(session, messages, subject=OPENINGS, rules=anchors, now=now)
    told = shared_of(session, [found[one] for one in {one.occurrence.rule.id for one in kept}], now=now, links=links)
    written = {}
    for one in kept:
        place = own_link(one.message, one.link_version, links=links)
        written[one.message.id] = filled(*told[one.occurrence.rule.id], {"name": one.name, **place})
    return written


def own_link(message: OutboxMessage, version: int, *, links: Links) -> dict[str, str]:
    """Return the link of an invitation, or to somebody's own place, where the letter is about one."""
    subject_id = message.subject_id or 0
    if message.subject_kind == INVITATION:
        return {"invite_url": url_of(links, subject_id, version=version)}
    return managed(message.subject_kind, subject_id, version, links=links)


def shared_of(
    session: Session, rules: Collection[tuple[ReminderRule, Opening]], *, now: datetime, links: Links
) -> dict[int, tuple[dict[str, Any], str]]:
    """Return for each rule what all of its letters say, and their stencil."""
    briefed = [opening.id for rule, opening in rules if rule.letter == BRIEFING]
    numbers, base = of_openings(session, briefed) if briefed else {}, links.base_url
    told = {}
    for rule, opening in rules:
        shared = {**facts_of(opening, base_url=base, now=now), **own_words(rule, OPENINGS)}
        shared |= {"rolls": rolls(numbers.get(opening.id, []), base), "is_offer": rule.audience is Audience.OFFERED}
        shared |= {"is_invited": rule.audience is Audience.INVITED}
        told[rule.id] = shared, stencil_of(rule.letter, shared)
    return told


def facts_of(opening: Opening, *, base_url: str, now: datetime) -> dict[str, Any]:
    """Return what everybody may know of an opening."""
    events = [event for event in opening.events if event.date_is_known]
    days = [(title_of(event), when_words(told_of(event))) for event in events]
    closes_at = opening.closes_at
    return {
        "title": opening.title,
        "closes_at": closes_at,
        "closes": deadline(closes_at, now) if closes_at else "",
        "is_over": closes_at is not None and closes_at <= now,
        "days": days,
        "opening_url": f"{base_url}/openings/{slug(opening.title, opening.id)}/registration",
        "home_url": f"{base_url}/organise/openings/{opening.id}",
        "contact": contact_of(opening)[0],
    }


LETTERS = (CLOSES, BRIEFING)
