"""What letters about an event tell of it, and how letters that say the same are known."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, true
from sqlalchemy.orm import joinedload, selectinload

from programme.core.web.converters import slug
from programme.core.web.words import clock_change, distance
from programme.engines.calendar.actions.values import told_of, when_words
from programme.engines.calendar.models import Event
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.term_weeks.term_dates import week_labels
from programme.engines.calendar.times import london_day
from programme.engines.mail.ports import Composed
from programme.engines.registration.models import Opening
from programme.engines.reminders.models import ReminderRule
from programme.flows.notices.messages import blocks_of
from programme.flows.subjects.events import EVENTS, happens, instant_of
from programme.flows.subjects.openings import OPENINGS, closes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.calendar.term_weeks.term_dates import TermDates
    from programme.engines.reminders.ports import ReminderSubject


def rules_with_events(
    session: Session, rule_ids: Collection[int], *, drafts: bool = False
) -> dict[int, tuple[ReminderRule, Event]]:
    """Return active rules with their events as they stand now, those alone that take place: one statement."""
    found = session.execute(standing_rules(drafts=drafts), {"rules": list(rule_ids)})
    return {rule.id: (rule, event) for rule, event in found}


@cache
def standing_rules(*, drafts: bool) -> Select[ReminderRule, Event]:
    """Return the statement behind `rules_with_events`: built once, as building it costs more than running it."""
    return (
        select(ReminderRule, Event)
        .join(Event, Event.id == ReminderRule.subject_id)
        .where(ReminderRule.id.in_(bindparam("rules", expanding=True)))
        .where(ReminderRule.subject_kind == EVENTS.kind, ReminderRule.is_active)
        .where(happens(drafts=drafts))
        .options(joinedload(Event.venue), joinedload(Event.series), joinedload(Event.lead_organisation))
        .execution_options(populate_existing=True)
    )


def rules_with_openings(
    session: Session, rule_ids: Collection[int], *, kind: str, drafts: bool = False
) -> dict[int, tuple[ReminderRule, Opening]]:
    """Return active rules of a kind with their openings as they stand now: two statements.

    Those of registration itself stand only where it ends, and that of what is announced, unless `drafts`; offers, and
    what is asked afterwards, go by the people they are about.
    """
    statement = (
        select(ReminderRule, Opening)
        .join(Opening, Opening.id == ReminderRule.subject_id)
        .where(ReminderRule.id.in_(rule_ids), ReminderRule.subject_kind == kind, ReminderRule.is_active)
        .where(closes(drafts=drafts) if kind == OPENINGS.kind else true())
        .options(joinedload(Opening.lead_organisation), selectinload(Opening.events))
        .execution_options(populate_existing=True)
    )
    return {rule.id: (rule, opening) for rule, opening in session.execute(statement)}


def anchored(found: Mapping[int, tuple[ReminderRule, Event]]) -> dict[int, tuple[ReminderRule, datetime]]:
    """Return the same with the instants that the rules count from."""
    return {key: (rule, instant_of(event, rule.anchor)) for key, (rule, event) in found.items()}


def facts_of(event: Event, *, terms: TermDates, base_url: str, now: datetime) -> dict[str, Any]:
    """Return what everybody may know of an event; how one joins online is not among it."""
    title = title_of(event)
    told = told_of(event)
    return {
        "title": title,
        "starts_at": event.starts_at,
        "ends_at": None if event.all_day else event.ends_at,
        "when": when_words(told),
        "day": distance(event.starts_at, now),
        "clocks": clock_change(now, event.starts_at),
        "place": told.place,
        "address": address_of(event),
        "gate": event.venue.access.get("gate", "") if event.venue else "",
        "weeks": weeks_of(event, terms),
        "event_url": f"{base_url}/events/{slug(title, event.id)}",
        "contact": event.contact_name,
    }


def title_of(event: Event) -> str:
    """Return the title as people see it."""
    return shown_title(event.title, is_known=event.title_is_known, series=event.series.title if event.series else None)


def address_of(event: Event) -> str:
    """Return the address of the venue in one line."""
    if event.venue is None:
        return ""
    return ", ".join(part for part in (*event.venue.address.splitlines(), event.venue.postcode) if part)


def weeks_of(event: Event, terms: TermDates) -> list[dict[str, str]]:
    """Return the academic week at each university."""
    labels = week_labels(terms, london_day(event.starts_at))
    return [{"end": week.end, "name": week.name, "words": week.label.long} for week in labels]


def own_words(rule: ReminderRule, subject: ReminderSubject) -> dict[str, Any]:
    """Return what an organiser wrote for a rule, cut into paragraphs, and why its reader gets it."""
    return {
        "own_subject": rule.subject_line,
        "own_text": rule.words,
        "blocks": blocks_of(rule.words),
        "why": subject.audiences[rule.audience].why,
    }


def filled(shared: Mapping[str, Any], stencil: str, blanks: Mapping[str, str]) -> Composed:
    """Return one of many letters that say the same but for `blanks`."""
    return Composed({**shared, **blanks}, blanks=blanks, stencil=stencil)


def stencil_of(letter: str, shared: Mapping[str, Any]) -> str:
    """Return what is another wherever anything that letters of a kind share is another: reckoned from all of it."""
    told = repr(sorted(shared.items()))
    return f"{letter}:{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}"
