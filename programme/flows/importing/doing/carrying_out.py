"""Doing what a plan says, all of it or nothing: the caller commits, or everything is rolled back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.calendar.feeds.renewing import in_one_go
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.reading.standing import Step
from programme.engines.calendar.states import EventState
from programme.flows.importing.doing.changing import change, lock_openings, remember, restated
from programme.flows.importing.doing.making import ground_for, make
from programme.flows.importing.plan import changed
from programme.flows.importing.report import drafts_that_stay
from programme.flows.importing.taking import folded
from programme.flows.importing.values import Answer, Hand, Outcome, RowKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.flows.importing.taking import Ground
    from programme.flows.importing.values import ImportPlan, PlannedRow, Question
    from programme.people.permissions import Actor

AT_ONCE = 500


def carry_out(
    session: Session,
    plan: ImportPlan,
    choices: Mapping[str, Answer],
    *,
    actor: Actor,
    publish: bool,
    now: datetime,
    said: Callable[[int], object] = lambda _: None,
) -> Outcome:
    """Make, change and follow what the plan says; a question without an answer means a new event.

    Call `take_turn` before the plan is made, in the same transaction. `said` hears how many rows were done. Raises
    Refusal, naming the line, where a rule forbids a change: roll everything back then.
    """
    hand = Hand(plan, actor, publish, now)
    new, others = decided(plan, choices)
    titles = [row.row.series for row in new] + [row.row.series for _, row in others if "series" in row.fields]
    ground = ground_for(session, titles, hand=hand)
    outcome = Outcome(same=plan.kinds[RowKind.SAME])
    said(outcome.same)
    for some in in_parts(new):
        count(outcome, some, make(session, some, ground, hand=hand))
        said(len(some))
    waiting = [row for row in plan.rows if row.kind is RowKind.SAME and row.waits]
    lock_openings(session, [row.event_id for row in (*waiting, *(row for _, row in others)) if row.event_id])
    with in_one_go(session):
        for identity, row in others:
            follow(session, identity, row, ground, hand=hand, outcome=outcome)
            said(1)
        for row in waiting:
            show(session, row, hand=hand, outcome=outcome)
    outcome.series = series_of(session, new, ground)
    carried = [*(row for row in plan.rows if row.event_id), *new, *(row for _, row in others)]
    outcome.stay = drafts_that_stay(session, plan, carried, publish=publish)
    note(session, outcome, hand=hand)
    return outcome


def decided(plan: ImportPlan, choices: Mapping[str, Answer]) -> tuple[list[PlannedRow], list[tuple[str, PlannedRow]]]:
    """Part the plan into rows to make and rows to change, these with the identity by which their event is known."""
    follows = {one.row.identity: one for one in plan.questions if choices.get(one.key) is Answer.SAME}
    new = [row for row in plan.rows if row.kind is RowKind.NEW and row.identity not in follows]
    others = [(row.identity, row) for row in plan.rows if row.kind is RowKind.CHANGED]
    for question in follows.values():
        fields = changed(question.row.told, question.known.told)
        others.append((question.known.identity, followed(question, fields)))
    return new, sorted(others, key=lambda pair: pair[1].event_id or 0)


def followed(question: Question, fields: tuple[str, ...]) -> PlannedRow:
    """Return the row of a question as a change of the event that it is like."""
    known = question.known
    return replace(question.row, event_id=known.event_id, fields=fields, was=known.was)


def in_parts(rows: Sequence[PlannedRow]) -> Iterator[Sequence[PlannedRow]]:
    """Go through the rows some at a time."""
    return (rows[begin : begin + AT_ONCE] for begin in range(0, len(rows), AT_ONCE))


def count(outcome: Outcome, rows: Sequence[PlannedRow], states: Sequence[EventState]) -> None:
    """Count events that were made."""
    counts = Counter(states)
    outcome.new += len(rows)
    outcome.published += counts[EventState.PUBLISHED]
    outcome.drafts += counts[EventState.DRAFT]
    outcome.archived += sum(row.is_past for row in rows)


def follow(session: Session, identity: str, row: PlannedRow, ground: Ground, *, hand: Hand, outcome: Outcome) -> None:
    """Change one event as its row says, and count it."""
    try:
        told, done = change(session, row, row.event_id or 0, ground, hand=hand)
    except Refusal as refusal:
        raise Refusal(f"Line {row.row.line}, “{row.row.title}”: {refusal.sentence}") from refusal
    outcome.told += told
    outcome.published += done is Step.PUBLISH
    remember(session, identity, row, hand=hand)
    outcome.changed += identity == row.identity
    outcome.followed += identity != row.identity


def show(session: Session, row: PlannedRow, *, hand: Hand, outcome: Outcome) -> None:
    """Let an event of an earlier import that nobody was told of become what its unchanged row calls it."""
    told, done = restated(session, session.get_one(Event, row.event_id), row, hand=hand)
    outcome.told += told
    outcome.published += done is Step.PUBLISH


def series_of(session: Session, rows: Sequence[PlannedRow], ground: Ground) -> list[tuple[int, str]]:
    """Return the series that new events went into, by title."""
    wanted = {ground.series[folded(row.row.series)] for row in rows if row.row.series}
    found = session.execute(select(Series.id, Series.title).where(Series.id.in_(wanted)).order_by(Series.title))
    return [(series_id, title) for series_id, title in found]


def note(session: Session, outcome: Outcome, *, hand: Hand) -> None:
    """Write the import as a whole into the trail."""
    counts = {"new": outcome.new, "changed": outcome.changed, "moved": outcome.followed, "published": outcome.published}
    audit.record(
        session,
        person_id=hand.actor.person_id,
        verb="import",
        subject=("organisation", hand.plan.organisation_id),
        now=hand.now,
        organisation_id=hand.plan.organisation_id,
        after={"file": hand.plan.source, "strand": hand.plan.strand.value, **counts},
    )
