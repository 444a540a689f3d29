"""Rules and the instants of their subjects: what is due, and the same as a table that a query can join."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, String, and_, literal, select, true, union_all

from programme.core.database import Instant
from programme.engines.calendar.times import london_day
from programme.engines.reminders.due import LONG_AGO, Offset, Turn, latest, turn_at, window
from programme.engines.reminders.models import Anchor, OffsetUnit, ReminderRule
from programme.people.queries import escaped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import BindParameter, ColumnElement, Select, Subquery
    from sqlalchemy.orm import Session

    from programme.engines.reminders.models import UsualRule
    from programme.engines.reminders.ports import ReminderSubject

MINUTE = "%Y-%m-%dT%H:%MZ"
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A rule of a subject that falls due once: with the instant it counts from."""

    rule: ReminderRule
    anchor: datetime
    turn: Turn

    @property
    def stamp(self) -> str:
        """Return the instant as the key of a letter says it, in UTC; of a rule that repeats, this time as well."""
        base = minute(self.anchor)
        return f"{base}/{minute(self.turn.due)}" if self.rule.repeat_days else base


def minute(instant: datetime) -> str:
    """Return an instant of UTC in a key."""
    return f"{instant:{MINUTE}}"


def offset_of(rule: ReminderRule | UsualRule) -> Offset:
    """Return a rule's offset as the pure rule reads it."""
    return Offset(rule.offset, in_days=rule.unit is OffsetUnit.DAYS, repeat_days=rule.repeat_days or 0)


def due_occurrences(
    session: Session, subject: ReminderSubject, *, now: datetime, seen: datetime | None = None
) -> list[Occurrence]:
    """Return what of a kind of subject is due now, or stopped being of use since it was `seen` to last.

    Only things whose instants lie near enough are looked at.
    """
    found = []
    for rule, anchor in rules_within(session, subject, windows(session, subject.kind, now=seen or now, until=now)):
        turn = turn_at(offset_of(rule), anchor, now=now, since=rule.created_at, seen=seen)
        if turn is not None:
            found.append(Occurrence(rule, anchor, turn))
    return found


def windows(
    session: Session, kind: str, *, now: datetime, until: datetime | None = None
) -> Mapping[Anchor, tuple[datetime, datetime]]:
    """Return for each anchor in use between which instants it must lie for a rule to be due, now or `until` then."""
    columns = (ReminderRule.anchor, ReminderRule.unit, ReminderRule.offset, ReminderRule.repeat_days)
    statement = select(*columns).where(ReminderRule.subject_kind == kind, ReminderRule.is_active).distinct()
    found: dict[Anchor, list[tuple[datetime, datetime]]] = {}
    for anchor, unit, amount, repeat_days in session.execute(statement):
        offset = Offset(amount, in_days=unit is OffsetUnit.DAYS, repeat_days=repeat_days or 0)
        found.setdefault(anchor, []).append((window(offset, now=now)[0], window(offset, now=until or now)[1]))
    return {anchor: (min(one[0] for one in spans), max(one[1] for one in spans)) for anchor, spans in found.items()}


def rules_within(
    session: Session,
    subject: ReminderSubject,
    spans: Mapping[Anchor, tuple[datetime, datetime]],
    *,
    things: Select[Any] | None = None,
    most: int | None = None,
) -> list[tuple[ReminderRule, datetime]]:
    """Return the active rules whose anchors lie within spans, with those instants; one statement an anchor.

    `things` selects the ids of those to look at alone; of more than `most` rules an anchor, the first.
    """
    found: list[tuple[ReminderRule, datetime]] = []
    for anchor in subject.anchors:
        if anchor in spans:
            moments = subject.moments(anchor).subquery("moments")
            statement = (
                select(ReminderRule, moments.c.instant)
                .join(moments, moments.c.subject_id == ReminderRule.subject_id)
                .where(ReminderRule.subject_kind == subject.kind, ReminderRule.is_active, ReminderRule.anchor == anchor)
                .where(moments.c.instant > spans[anchor][0], moments.c.instant <= spans[anchor][1])
                .where(true() if things is None else ReminderRule.subject_id.in_(things))
                .order_by(moments.c.instant, ReminderRule.id)
                .limit(most)
            )
            found += [(rule, instant) for rule, instant in session.execute(statement)]
    return found


def standing(
    session: Session, subject: ReminderSubject, rule_ids: Collection[int], *, drafts: bool = False
) -> dict[int, tuple[ReminderRule, datetime]]:
    """Return active rules whose subjects remind now, with the instants they count from: one statement."""
    parts = [
        subject.moments(anchor, drafts=drafts).add_columns(literal(anchor.value, String).label("anchor"))
        for anchor in subject.anchors
    ]
    moments = union_all(*parts).subquery("moments")
    same = and_(moments.c.subject_id == ReminderRule.subject_id, moments.c.anchor == anchor_text())
    statement = (
        select(ReminderRule, moments.c.instant)
        .join(moments, same)
        .where(ReminderRule.id.in_(rule_ids), ReminderRule.subject_kind == subject.kind, ReminderRule.is_active)
        .execution_options(populate_existing=True)
    )
    return {rule.id: (rule, instant) for rule, instant in session.execute(statement)}


def anchor_text() -> ColumnElement[str]:
    """Return a rule's anchor as plain text."""
    return ReminderRule.anchor.expression.cast(String)


def stamped(rule: ReminderRule, anchor: datetime, stamp: str) -> Occurrence | None:
    """Return the time of a rule that a stamp names, if it falls due at all with this anchor."""
    turn = latest(
        offset_of(rule), anchor, now=end_of_minute(stamp.rpartition("/")[2]) if rule.repeat_days else FOR_EVER
    )
    found = None if turn is None else Occurrence(rule, anchor, turn)
    return found if found and found.stamp == stamp else None


def end_of_minute(told: str) -> datetime:
    """Return the last instant of a minute as keys say it; the first of all where it says none."""
    try:
        return datetime.strptime(told, MINUTE).replace(tzinfo=UTC) + timedelta(minutes=1, microseconds=-1)
    except ValueError:
        return LONG_AGO


def due_table(occurrences: Sequence[Occurrence], *, now: datetime | BindParameter[datetime]) -> Subquery:
    """Return occurrences as a table to join: which rule, of what, narrowed how, due when, of use until when.

    What is due later than `now` is looked at as of then; `now` may be told when the statement is executed. `today` is
    the London day of it, for keys: there is none where `now` is told later, as nothing is queued then.
    """
    rows = [
        select(*columns_of(one, max(now, one.turn.due) if isinstance(now, datetime) else now)) for one in occurrences
    ]
    return union_all(*rows).subquery("due")


def columns_of(one: Occurrence, now: datetime | BindParameter[datetime]) -> Iterable[ColumnElement[Any]]:
    """Return one row of the table."""
    number, word = narrowed(one.rule)
    values = (
        ("rule_id", one.rule.id, BigInteger()),
        ("subject_id", one.rule.subject_id, BigInteger()),
        ("letter", one.rule.letter, String()),
        ("number", number, BigInteger()),
        ("word", word, String()),
        ("anchor", one.anchor, Instant()),
        ("due_at", one.turn.due, Instant()),
        ("until", one.turn.until, Instant()),
        ("stamp", one.stamp, String()),
        ("context", {"instant": one.stamp}, JSON()),
    )
    told = [literal(value, kind).label(name) for name, value, kind in values]
    if isinstance(now, datetime):
        return [*told, literal(now, Instant()).label("now"), literal(f"{london_day(now)}", String()).label("today")]
    return [*told, now.label("now"), literal("", String()).label("today")]


def narrowed(rule: ReminderRule) -> tuple[int, str]:
    """Return what narrows a rule's audience: a question with the answer as it is kept, for LIKE; a tag; or a group."""
    given = rule.parameters or {}
    if "question" in given:
        return int(given["question"]), escaped(json.dumps(given.get("choice", "")))
    return int(given.get("group", 0)), str(given.get("tag", ""))
