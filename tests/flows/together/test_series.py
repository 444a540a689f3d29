"""Several events at once: previewed, done one by one, told once for each event, never twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.flows.together.doing import CHANGED_SINCE, Task, carry_out_in_series, sentence
from programme.flows.together.weighing import MOST, NOT_YOURS, Deed, in_series, weigh
from programme.people.permissions import Actor, Grant
from programme.people.states import Role, Strand
from tests.factories.cast import Cast, assemble
from tests.factories.things import SOON, event, opening, registration
from tests.factories.things import series as a_series

NOW = SOON - timedelta(days=20)
WEEK = timedelta(days=7)


@pytest.fixture
def cast(session: Session) -> Cast:
    """The cast."""
    return assemble(session)


@pytest.fixture
def olga(cast: Cast) -> Actor:
    """Olga of Liverpool."""
    return Actor(cast.olga.id, "Olga", "", (Grant(Role.ORGANISER, cast.liverpool.id),))


@pytest.fixture
def run(session: Session, cast: Cast) -> Series:
    """A series: one past, two ahead with Alice at both and Bob at one, a draft, and one that is cancelled."""
    row = a_series(session, lead=cast.liverpool)
    event(session, lead=cast.liverpool, title="Past", series_id=row.id, starts_at=NOW - WEEK)
    first = event(session, lead=cast.liverpool, title="First", series_id=row.id)
    # After this week the clocks go forward.
    starts = datetime(2027, 3, 24, 14, tzinfo=UTC)
    second = event(session, lead=cast.liverpool, title="Second", series_id=row.id, starts_at=starts)
    state = {"state": EventState.DRAFT, "published_at": None}
    event(session, lead=cast.liverpool, title="Draft", series_id=row.id, starts_at=SOON + 2 * WEEK, **state)
    event(session, lead=cast.liverpool, title="Off", series_id=row.id, state=EventState.CANCELLED)
    registration(session, to=opening(session, events=[first, second]), who=cast.alice)
    registration(session, to=opening(session, events=[first]), who=cast.bob)
    session.commit()
    return row


def looked(session: Session, run: Series, deed: Deed) -> dict[int, int | None]:
    """What a page has shown."""
    return {row.id: row.version for row in in_series(session, run.id, deed, now=NOW)[0]}


def named(session: Session, title: str) -> Event:
    """An event by its title."""
    session.expire_all()
    return session.scalars(select(Event).where(Event.title == title)).one()


def letters(session: Session) -> int:
    """How many letters wait."""
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def test_drafts_are_published_at_once(session: Session, run: Series, olga: Actor) -> None:
    seen = looked(session, run, Deed.PUBLICATION)
    carried = carry_out_in_series(session, run, seen, Task(Deed.PUBLICATION, olga, NOW))
    assert sentence(carried, Deed.PUBLICATION) == "“Draft” is published."
    assert named(session, "Draft").state is EventState.PUBLISHED
    assert letters(session) == 0


def test_moving_keeps_the_london_time_and_tells_each_once(session: Session, run: Series, olga: Actor) -> None:
    events, _ = in_series(session, run.id, Deed.MOVE, now=NOW)
    found = weigh(session, events, Deed.MOVE, days=7, actor=olga, now=NOW)
    assert [(row.event.title, len(row.people)) for row in found.rows] == [("First", 2), ("Draft", 0), ("Second", 1)]
    assert (found.people, found.letters, letters(session)) == (2, 3, 0)
    seen = looked(session, run, Deed.MOVE)
    carried = carry_out_in_series(session, run, seen, Task(Deed.MOVE, olga, NOW, days=7, reason="Building works."))
    assert (len(carried.done), carried.told, letters(session)) == (3, 2, 2)
    assert named(session, "First").starts_at == SOON + WEEK
    assert named(session, "Draft").starts_at == SOON + 3 * WEEK
    assert named(session, "Second").starts_at == datetime(2027, 3, 31, 13, tzinfo=UTC)
    assert named(session, "Past").starts_at == NOW - WEEK
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "series")).one()
    assert entry.verb == "moved its events"
    assert entry.after == {"events": 3, "letters": 2, "days": 7, "note": "Building works."}


def test_moving_twice_from_one_page_moves_once(session: Session, run: Series, olga: Actor) -> None:
    seen, task = looked(session, run, Deed.MOVE), Task(Deed.MOVE, olga, NOW, days=7)
    carry_out_in_series(session, run, seen, task)
    session.commit()
    again = carry_out_in_series(session, run, seen, task)
    assert (again.done, {why for _, why in again.left_out}) == ([], {CHANGED_SINCE})
    with pytest.raises(Refusal, match="Nothing is moved"):
        sentence(again, Deed.MOVE)
    assert named(session, "First").starts_at == SOON + WEEK


def test_cancelling_calls_off_what_lies_ahead(session: Session, run: Series, olga: Actor) -> None:
    seen = looked(session, run, Deed.CANCELLATION)
    carried = carry_out_in_series(session, run, seen, Task(Deed.CANCELLATION, olga, NOW))
    assert (sorted(carried.done), carried.told) == (["Draft", "First", "Second"], 2)
    assert named(session, "First").state is EventState.CANCELLED
    assert named(session, "Past").state is EventState.PUBLISHED


def test_events_of_others_and_changed_ones_are_left_out_and_the_rest_done(
    session: Session, cast: Cast, run: Series, olga: Actor
) -> None:
    event(session, lead=cast.oxford, title="Theirs", series_id=run.id, strand=Strand.PLACEMENTS)
    session.commit()
    seen = looked(session, run, Deed.CANCELLATION)
    named(session, "Second").version += 1
    session.commit()
    carried = carry_out_in_series(session, run, seen, Task(Deed.CANCELLATION, olga, NOW))
    assert sorted(carried.left_out) == [("Second", CHANGED_SINCE), ("Theirs", NOT_YOURS)]
    assert sorted(carried.done) == ["Draft", "First"]
    assert named(session, "Theirs").state is EventState.PUBLISHED


def test_at_most_two_hundred_go_at_once(session: Session, cast: Cast, run: Series, olga: Actor) -> None:
    for number in range(MOST):
        event(session, lead=cast.liverpool, title=f"Talk {number}", series_id=run.id)
    found, more = in_series(session, run.id, Deed.MOVE, now=NOW)
    assert (len(found), more) == (MOST, 3)
    everything = dict.fromkeys(session.scalars(select(Event.id).where(Event.series_id == run.id)))
    with pytest.raises(Refusal, match="At most 200"):
        carry_out_in_series(session, run, everything, Task(Deed.MOVE, olga, NOW, days=1))


def test_events_of_another_series_are_not_touched(session: Session, cast: Cast, run: Series, olga: Actor) -> None:
    other = event(session, lead=cast.liverpool, title="Elsewhere")
    with pytest.raises(Refusal, match="None of these"):
        carry_out_in_series(session, run, {other.id: None}, Task(Deed.CANCELLATION, olga, NOW))
