"""What the letter of milestones tells one person: their own, and those of whom they supervise, late ones first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from programme.core.web.words import long_date, plural
from programme.engines.calendar.times import london_day
from programme.engines.mail.ports import Composed
from programme.engines.reminders.models import ReminderRule
from programme.engines.reminders.outgoing.occurrences import minute
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, Supervision
from programme.strands.cohorts.reminding.subject import COHORT, DAYS_A_WEEK, LETTER, WEEKS_BEFORE, is_asked_for
from programme.strands.cohorts.rights import runs
from programme.strands.cohorts.states import MilestoneState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import CompoundSelect
    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links

SOON = DAYS_A_WEEK * max(WEEKS_BEFORE)
"""How many days ahead a letter tells of."""
MOST_TOLD, MOST_SHOWN, MOST_LOOKED_AT = 30, 3, 200


@dataclass(frozen=True, slots=True)
class Item:
    """One milestone as one person is told of it; `whose` is empty for their own."""

    milestone: Milestone
    whose: str = ""

    @property
    def cohort_id(self) -> int:
        """Whose rules remind of it."""
        return self.milestone.candidature.cohort_id


def compose_all(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, base_url: str
) -> dict[int, Composed]:
    """Write letters, in as many statements as for one; left out is who has nothing to do about what fell due."""
    return {
        message.id: told(message, items, today=london_day(now), base_url=base_url)
        for message, items in kept(session, messages, now=now)
    }


def compose(session: Session, message: OutboxMessage, *, now: datetime, base_url: str) -> Composed | None:
    """Write one letter; None where it is not wanted any more."""
    return compose_all(session, [message], now=now, base_url=base_url).get(message.id)


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose reader still has to do with what fell due, on the day it fell due for."""
    return [message.id for message, _ in kept(session, messages, now=now)]


def kept(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime
) -> list[tuple[OutboxMessage, Sequence[Item]]]:
    """Return the letters that are wanted, with all that they tell: three statements."""
    cohorts = cohorts_of(session, {message.rule_id or 0 for message in messages})
    found = items_of(session, {message.person_id or 0 for message in messages}, today=london_day(now))
    wanted: list[tuple[OutboxMessage, Sequence[Item]]] = []
    for message in messages:
        items = found.get(message.person_id or 0, [])
        anchor = str(message.context.get("instant", "")).partition("/")[0]
        if any(one.cohort_id == cohorts.get(message.rule_id or 0) and instant_of(one) == anchor for one in items):
            wanted.append((message, items))
    return wanted


def instant_of(item: Item) -> str:
    """Return the instant that reminders of a milestone count from, as their letters keep it."""
    return minute(item.milestone.due_at) if item.milestone.due_at else ""


def cohorts_of(session: Session, rule_ids: Collection[int]) -> Mapping[int, int]:
    """Return of which cohort each rule is, those alone that are in force."""
    statement = select(ReminderRule.id, ReminderRule.subject_id).where(
        ReminderRule.id.in_(rule_ids), ReminderRule.subject_kind == COHORT, ReminderRule.is_active
    )
    return {row.id: row.subject_id for row in session.execute(statement)}


def items_of(session: Session, people: Collection[int], *, today: date) -> dict[int, list[Item]]:
    """Return what each of some people has to do with, by day: two statements, however many they are."""
    found: dict[int, list[Item]] = {}
    own = waiting(today).where(Candidature.person_id.in_(people), Milestone.state == MilestoneState.OPEN)
    for milestone in session.scalars(own):
        found.setdefault(milestone.candidature.person_id or 0, []).append(Item(milestone))
    supervised = (
        waiting(today)
        .add_columns(Supervision.person_id)
        .join(Supervision, Supervision.candidature_id == Candidature.id)
        .where(Supervision.person_id.in_(people), runs(today))
        .distinct()
    )
    for milestone, person_id in session.execute(supervised):
        person = milestone.candidature.person
        whose = person.name if person else "somebody whose data are deleted"
        found.setdefault(person_id, []).append(Item(milestone, whose))
    return found


def waiting(today: date) -> Any:
    """Select what waits to be done, with what a letter tells of it, by day."""
    return (
        select(Milestone)
        .join(Candidature, Candidature.id == Milestone.candidature_id)
        .where(is_asked_for(today))
        .options(joinedload(Milestone.rule))
        .options(contains_eager(Milestone.candidature).joinedload(Candidature.person))
        .options(contains_eager(Milestone.candidature).joinedload(Candidature.cohort).joinedload(Cohort.award))
        .order_by(Milestone.due_on, Milestone.id)
        .execution_options(populate_existing=True)
    )


def told(message: OutboxMessage, items: Sequence[Item], *, today: date, base_url: str) -> Composed:
    """Return a letter: what is late, and what is due within ten weeks."""
    near = [one for one in items if one.milestone.due_on and (one.milestone.due_on - today).days <= SOON]
    shown = near[:MOST_TOLD]
    lines = [(one.whose, line_of(one, today=today, base_url=base_url)) for one in shown]
    late = sum(1 for one in near if one.milestone.due_on and one.milestone.due_on < today)
    return Composed(
        {
            "name": message.recipient_name or "researcher",
            "own": [line for whose, line in lines if not whose],
            "others": [line for whose, line in lines if whose],
            "count": len(near),
            "late": late,
            "more": len(near) - len(shown),
            "home": f"{base_url}/me",
        }
    )


def line_of(item: Item, *, today: date, base_url: str) -> dict[str, str]:
    """Return one milestone as a letter tells it."""
    milestone = item.milestone
    rule, due_on = milestone.rule, milestone.due_on or today
    title = f"{rule.title} {milestone.occurrence}" if milestone.occurrence else rule.title
    waits = "handed in, waits for a signature" if milestone.state is MilestoneState.HANDED_IN else ""
    provisional = " (dates provisional)" if milestone.is_provisional else ""
    return {
        "title": f"{item.whose}: {title}" if item.whose else title,
        "when": f"{long_date(due_on)}, {distance(due_on, today)}{provisional}",
        "form": rule.form,
        "advice": "" if item.whose else rule.advice,
        "waits": waits,
        "link": f"{base_url}/records/{milestone.candidature_id}/milestones",
    }


def distance(day: date, today: date) -> str:
    """Say how far off a day is: "in 3 weeks", "tomorrow", "12 days late"."""
    days = (day - today).days
    if days < 0:
        return f"{plural(-days, 'day')} late"
    if days <= 1:
        return "tomorrow" if days else "today"
    weeks, rest = divmod(days, DAYS_A_WEEK)
    return f"in {plural(days, 'day')}" if rest else f"in {plural(weeks, 'week')}"


def people_of(cohort_id: int) -> CompoundSelect[Any]:
    """Select everybody to whom letters of a cohort go: its researchers, and whoever supervises or supervised them."""
    of_cohort = Candidature.cohort_id == cohort_id
    supervisors = select(Supervision.person_id).join(Candidature, Candidature.id == Supervision.candidature_id)
    researchers = select(Candidature.person_id).where(of_cohort, Candidature.person_id.is_not(None))
    return researchers.union(supervisors.where(of_cohort))


def shared_of(
    session: Session, rules: Collection[tuple[ReminderRule, Cohort]], *, now: datetime, links: Links
) -> dict[int, tuple[dict[str, Any], str]]:
    """Return what a letter says of the next milestones of a cohort, of nobody in particular: for a look beforehand."""
    today, told_of = london_day(now), dict[int, tuple[dict[str, Any], str]]()
    for rule, cohort in rules:
        rows = session.scalars(
            waiting(today).where(Candidature.cohort_id == cohort.id, Milestone.due_on >= today).limit(200)
        )
        first: dict[str, Item] = {}
        for row in rows:
            first.setdefault(row.code, Item(row))
        lines = [line_of(one, today=today, base_url=links.base_url) for one in list(first.values())[:MOST_SHOWN]]
        lines = [{**line, "link": f"{links.base_url}/records/hidden"} for line in lines]
        shared = {"own": lines, "others": [], "count": len(lines), "late": 0, "more": 0, "home": f"{links.base_url}/me"}
        told_of[rule.id] = shared, f"{LETTER}:{rule.id}"
    return told_of
