"""Letters that remind of an event: those with a place, others, and the organisers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.reminders.models import Audience
from programme.engines.reminders.outgoing.sending import rules_in, wanted
from programme.engines.reminders.ports import Side
from programme.flows.notices.reminders.facts import anchored, facts_of, filled, own_words, rules_with_events, stencil_of
from programme.flows.notices.reminders.numbers import of_events
from programme.flows.notices.reminders.words import NOTICES
from programme.flows.subjects.events import BRIEFING, EVENTS, NOTICE, REMINDER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.ports import Composed
    from programme.engines.registration.links import Links
    from programme.engines.reminders.models import ReminderRule
    from programme.flows.notices.reminders.numbers import Figures

    Shared = dict[str, Any]


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write one reminder; None where the event moved away or is off, or its reader is not of the audience any more."""
    return compose_all(session, [message], now=now, links=links).get(message.id)


def compose_all(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, links: Links
) -> dict[int, Composed]:
    """Write reminders of one kind, in as many statements as for one; those not wanted any more are left out.

    What is asked here is asked when they are queued, too: else a letter would be queued and cancelled for ever.
    """
    found = rules_with_events(session, rules_in(messages))
    kept = wanted(session, messages, subject=EVENTS, rules=anchored(found), now=now)
    told = shared_of(session, [found[one] for one in {one.occurrence.rule.id for one in kept}], now=now, links=links)
    written = {}
    for one in kept:
        place = managed(one.message.subject_kind, one.message.subject_id or 0, one.link_version, links=links)
        written[one.message.id] = filled(*told[one.occurrence.rule.id], {"name": one.name, **place})
    return written


def managed(kind: str, registration_id: int, version: int, *, links: Links) -> dict[str, str]:
    """Return the link to somebody's own place, where the letter is about one."""
    return {"manage_url": links.url_of(registration_id, version=version)} if kind == "registration" else {}


def shared_of(
    session: Session, rules: Collection[tuple[ReminderRule, Event]], *, now: datetime, links: Links
) -> dict[int, tuple[Shared, str]]:
    """Return for each rule what all of its letters say, and their stencil."""
    briefed = [event.id for rule, event in rules if rule.letter == BRIEFING]
    dates, numbers = terms(session), of_events(session, briefed) if briefed else {}
    told = {}
    for rule, event in rules:
        facts = facts_of(event, terms=dates, base_url=links.base_url, now=now)
        more = words_for(rule, event, numbers.get(event.id, []), base_url=links.base_url)
        shared = {**facts, **own_words(rule, EVENTS), **more}
        told[rule.id] = shared, stencil_of(rule.letter, shared)
    return told


def words_for(rule: ReminderRule, event: Event, figures: Sequence[Figures], *, base_url: str) -> Mapping[str, Any]:
    """Return what a kind of letter tells besides the facts; how one joins online, only to those who take part."""
    online = event.online_link if event.is_online else ""
    side = Side.BEFORE if rule.offset < 0 else Side.AFTER
    if rule.letter == NOTICE:
        speaks = rule.audience is Audience.SPEAKERS and side is Side.BEFORE
        return {"notice": NOTICES[rule.audience, side], "online_link": online if speaks else ""}
    if rule.letter == BRIEFING:
        home = f"{base_url}/organise/events/{event.id}"
        return {"home_url": home, "is_over": side is Side.AFTER, "rolls": rolls(figures, base_url)}
    return {"online_link": online}


def rolls(figures: Sequence[Figures], base_url: str) -> list[tuple[str, str, str]]:
    """Return each opening's title, numbers and roll."""
    return [(one.title, one.words, f"{base_url}/organise/openings/{one.opening_id}") for one in figures]


LETTERS = (REMINDER, NOTICE, BRIEFING)
