"""Letters that remind of the deadline of an offered place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from programme.core.web.words import deadline
from programme.engines.calendar.actions.values import told_of, when_words
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.engines.reminders.models import ReminderRule
from programme.engines.reminders.outgoing.occurrences import minute
from programme.engines.reminders.outgoing.sending import rules_in
from programme.flows.notices.places.told import contact_of
from programme.flows.notices.reminders.facts import filled, own_words, stencil_of, title_of
from programme.flows.subjects.offers import ENDS, OFFERS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.ports import Composed
    from programme.engines.registration.links import Links

    Kept = list[tuple[OutboxMessage, ReminderRule, Registration]]


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write one reminder; None where the offer was answered, has run out, or ends at another time."""
    return compose_all(session, [message], now=now, links=links).get(message.id)


def compose_all(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, links: Links
) -> dict[int, Composed]:
    """Write reminders, in as many statements as for one; those not wanted any more are left out."""
    written, told = {}, dict[tuple[int, str], tuple[dict[str, Any], str]]()
    for message, rule, row in kept(session, messages, now=now):
        key = (rule.id, minute(row.answer_by or now))
        if key not in told:
            shared = {**facts_of(row.opening, until=row.answer_by or now, now=now), **own_words(rule, OFFERS)}
            told[key] = shared, stencil_of(ENDS, shared)
        written[message.id] = filled(*told[key], {"name": row.name, "manage_url": links.url(row)})
    return written


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of reminders of offers that stand, and end when the reminder says."""
    return [message.id for message, _, _ in kept(session, messages, now=now)]


def kept(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Kept:
    """Return the reminders that are wanted, each with its rule and registration: two statements."""
    rules = active_rules(session, rules_in(messages))
    rows = offered(session, {message.subject_id or 0 for message in messages}, now=now)
    found = [(message, rules.get(message.rule_id or 0), rows.get(message.subject_id or 0)) for message in messages]
    return [
        (message, rule, row)
        for message, rule, row in found
        if rule and row and row.answer_by and minute(row.answer_by) == message.context.get("instant")
    ]


def active_rules(session: Session, ids: Collection[int]) -> Mapping[int, ReminderRule]:
    """Return those rules that are in force."""
    statement = select(ReminderRule).where(
        ReminderRule.id.in_(ids), ReminderRule.subject_kind == OFFERS.kind, ReminderRule.is_active
    )
    return {rule.id: rule for rule in session.scalars(statement.execution_options(populate_existing=True))}


def offered(session: Session, ids: Collection[int], *, now: datetime) -> Mapping[int, Registration]:
    """Return those registrations whose offer stands now, with what letters tell of them."""
    opening = joinedload(Registration.opening)
    statement = (
        select(Registration)
        .where(Registration.id.in_(ids), Registration.state == RegistrationState.OFFERED, Registration.answer_by > now)
        .options(opening.joinedload(Opening.lead_organisation), opening.selectinload(Opening.events))
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in session.scalars(statement)}


def shared_of(
    session: Session, rules: Collection[tuple[ReminderRule, Opening]], *, now: datetime, links: Links
) -> dict[int, tuple[dict[str, Any], str]]:
    """Return for each rule what those are told whose offer ends last: for a look beforehand."""
    del links
    last = select(func.max(Registration.answer_by)).where(Registration.state == RegistrationState.OFFERED)
    told = {}
    for rule, opening in rules:
        until = session.scalar(last.where(Registration.opening_id == opening.id)) or now
        shared = {**facts_of(opening, until=until, now=now), **own_words(rule, OFFERS)}
        told[rule.id] = shared, stencil_of(ENDS, shared)
    return told


def facts_of(opening: Opening, *, until: datetime, now: datetime) -> dict[str, Any]:
    """Return what all whose offer ends at the same time are told."""
    events = [event for event in opening.events if event.date_is_known]
    return {
        "title": opening.title,
        "until": deadline(until, now),
        "days": [(title_of(event), when_words(told_of(event))) for event in events],
        "contact": contact_of(opening)[0],
    }
