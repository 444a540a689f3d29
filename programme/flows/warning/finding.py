"""What there is to think about, found for one organiser: in a handful of statements, however many events are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.models import WarningPutAside
from programme.engines.calendar.queries.neighbours import near
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.engines.calendar.travel.queries import ways
from programme.engines.calendar.warnings.days import on_days
from programme.engines.calendar.warnings.rule import between, order, with_people
from programme.engines.calendar.warnings.values import NOBODY_ASKED
from programme.flows.clashing.finding import lies_ahead
from programme.flows.warning.people import asked_to, at_both, of_groups
from programme.flows.warning.reading import days_known, moved, scheduled

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Plan
    from programme.engines.calendar.models import Event
    from programme.engines.calendar.warnings.values import Scheduled, Warned
    from programme.people.permissions import Actor


def of_events(
    session: Session, events: Sequence[Event], *, actor: Actor, now: datetime, counts_people: bool = False
) -> dict[int, list[Warned]]:
    """Return what is to think about of events that lie ahead, by their ids: what was put aside is not.

    `counts_people` also asks who has places at two of them, for a page of one event.
    """
    ahead = [event for event in events if lies_ahead_or_is_draft(event, now)]
    known = asked_to(session, [event.id for event in ahead], actor=actor)
    asked = [scheduled(event, asked=known.get(event.id, NOBODY_ASKED)) for event in ahead]
    aside = put_aside(session, [event.id for event in ahead])
    found = warnings(session, asked, actor=actor, counts_people=counts_people)
    return {
        number: told
        for number, several in found.items()
        if (told := [one for one in several if one.mark not in aside.get(number, set())])
    }


def of_plan(session: Session, event: Event, plan: Plan, *, actor: Actor) -> list[Warned]:
    """Return what would be to think about if an event were at another time or place."""
    known = asked_to(session, [event.id], actor=actor).get(event.id, NOBODY_ASKED)
    asked = moved(session, scheduled(event, asked=known), plan)
    return warnings(session, [asked], actor=actor, counts_people=True).get(event.id, [])


def of_new(session: Session, event: Scheduled, *, actor: Actor) -> list[Warned]:
    """Return what is to think about of an event that is being typed."""
    return warnings(session, [event], actor=actor).get(event.stay.event_id, [])


def warnings(
    session: Session, asked: list[Scheduled], *, actor: Actor, counts_people: bool = False
) -> dict[int, list[Warned]]:
    """Return what is to think about, by the id of the event, what matters most first."""
    if not asked:
        return {}
    known, days, dates = ways(session), days_known(session), terms(session)
    groups = frozenset().union(*(one.asked.groups for one in asked))
    also = set(of_groups(session, groups, asked, within=known.longest, actor=actor))
    counts = at_both(session, asked[0], within=known.longest, actor=actor) if counts_people else {}
    others = neighbours(session, asked, also | counts.keys(), actor=actor, known=known.longest)
    found = {}
    for one in asked:
        weeks = {week.name: week.label for week in week_labels(dates, london_day(one.stay.starts_at))}
        told = [*between(one, others, known), *on_days(one, days, weeks)]
        told += with_people(one, [other for other in others if other.is_seen], counts, known)
        found[one.stay.event_id] = sorted(told, key=order)
    return found


def neighbours(
    session: Session, asked: Sequence[Scheduled], also: Collection[int], *, actor: Actor, known: timedelta
) -> list[Scheduled]:
    """Return what is on nearby as the rule reads it."""
    found = near(session, asked, within=known, actor=actor, also=also)
    to = asked_to(session, [one.event.id for one in found], actor=actor)
    return [scheduled(one.event, asked=to.get(one.event.id, NOBODY_ASKED), is_seen=one.is_seen) for one in found]


def lies_ahead_or_is_draft(event: Event, now: datetime) -> bool:
    """Whether there is still something to be done about an event's plan."""
    is_draft = event.state is EventState.DRAFT and event.ends_at > now
    return not event.is_archive and (is_draft or lies_ahead(event, now))


def put_aside(session: Session, event_ids: Collection[int]) -> dict[int, set[str]]:
    """Return the marks of what was put aside, by event: one query."""
    rows = session.execute(
        select(WarningPutAside.event_id, WarningPutAside.mark).where(WarningPutAside.event_id.in_(event_ids))
    )
    found: dict[int, set[str]] = {}
    for event_id, mark in rows:
        found.setdefault(event_id, set()).add(mark)
    return found
