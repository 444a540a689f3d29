"""What a change would do: before and after, what there is to think about on the new date, and whom it reaches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.core.web.words import weekday
from programme.engines.calendar.actions.plans.changes import change_to
from programme.engines.calendar.actions.values import plan_of, told_of, when_words
from programme.engines.calendar.models import Venue
from programme.engines.calendar.naming import place_words
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.flows.reaching import Reach, reach_of
from programme.flows.warning.finding import of_plan
from programme.flows.warning.words import Thoughts, thoughts_of
from programme.screens.organiser.days import SATURDAY

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Plan, Told
    from programme.engines.calendar.models import Event
    from programme.people.permissions import Actor


@dataclass(frozen=True, slots=True)
class Preview:
    """What is to be confirmed. `rows` are (term, before, after); `warnings` are sentences, `thoughts` what clashes."""

    rows: list[tuple[str, str, str]]
    weeks: list[dict[str, str]]
    warnings: list[str]
    thoughts: Thoughts
    reach: Reach

    @property
    def changes_nothing(self) -> bool:
        """Whether before and after are the same."""
        return all(before == after for _, before, after in self.rows)


AFTER = {"postponement": EventState.POSTPONED, "reinstatement": EventState.PUBLISHED}


def preview_of(session: Session, event: Event, noun: str, *, plan: Plan | None, actor: Actor, now: datetime) -> Preview:
    """Reckon a change without doing it."""
    before, after = told_of(event), outcome(session, event, noun, plan)
    known = after.date_is_known
    return Preview(
        rows=[("When", when_words(before), when_words(after)), ("Where", told_place(before), told_place(after))],
        weeks=weeks_on(session, london_day(after.starts_at)) if known else [],
        warnings=warnings(before, after, now) if known else [],
        thoughts=thoughts_of(of_plan(session, event, plan or plan_of(event), actor=actor)) if known else Thoughts(),
        reach=reach_of(session, event, after=after, actor=actor, now=now),
    )


def outcome(session: Session, event: Event, noun: str, plan: Plan | None) -> Told:
    """Return what people would be told of the event after the change."""
    if plan is not None:
        venue = session.get(Venue, plan.venue_id) if plan.venue_id else None
        place = place_words(plan.room, venue.name if venue else None, is_online=plan.is_online)
        after = change_to(event, plan, place=place).after
    elif noun == "reinstatement" and not event.date_is_known:
        raise Refusal("Say when it takes place: this event was postponed without a date.", field="starts")
    else:
        after = replace(told_of(event), date_is_known=noun != "postponement")
    return replace(after, state=AFTER.get(noun, after.state))


def told_place(told: Told) -> str:
    """Say where, or that it is not known."""
    return told.place or "not known yet"


def weeks_on(session: Session, day: date) -> list[dict[str, str]]:
    """Return the week of a day at both universities, as templates show it."""
    found = week_labels(terms(session), day)
    return [{"end": week.end, "name": week.name, "words": week.label.long, "short": week.label.short} for week in found]


def warnings(before: Told, after: Told, now: datetime) -> list[str]:
    """Say what is odd about the new date."""
    found = []
    day, instead_of = london_day(after.starts_at), london_day(before.starts_at)
    if after.ends_at <= now:
        found.append("This lies in the past: nobody is told of it.")
    if instead_of.weekday() < SATURDAY <= day.weekday():
        found.append(f"A {weekday(day)}.")
    if (before.starts_at, before.ends_at, before.place) == (after.starts_at, after.ends_at, after.place):
        found.append("Time and place stay as they were.")
    return found
