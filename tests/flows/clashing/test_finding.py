"""What of somebody's own calendar clashes: theirs alone, and only what they have and what is still to come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event as listening
from sqlalchemy import select

from programme.engines.calendar.models import TravelTime, Venue
from programme.engines.calendar.states import EventState
from programme.engines.registration.plugs import CALENDAR_SOURCE
from programme.engines.registration.states import RegistrationState, SeatState
from programme.flows.clashing.finding import clashes_of
from programme.flows.clashing.words import Warnings, warnings_of
from tests.factories import things
from tests.factories.things import SOON
from tests.flows.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.people.models import Person
    from tests.factories.cast import Cast


def venue(session: Session, code: str) -> int:
    """The id of a place."""
    return session.scalars(select(Venue.id).where(Venue.code == code)).one()


@pytest.fixture
def talk(session: Session, people: Cast) -> Event:
    """What is asked about: 14:00 to 15:00 in Oxford."""
    return things.event(session, lead=people.oxford, title="Talk", venue_id=venue(session, "OXF-SBS"))


def has(session: Session, who: Person, lead: Any, *, registered: dict[str, Any] | None = None, **given: Any) -> Event:
    """Let somebody have a place at something."""
    row = things.event(session, lead=lead, **given)
    things.registration(session, to=things.opening(session, events=[row]), who=who, **(registered or {}))
    return row


def found(session: Session, who: Person, *events: Event) -> Warnings:
    """What clashes for somebody, in words."""
    return warnings_of(clashes_of(session, who.id, events, sources=(CALENDAR_SOURCE,), now=NOW))


def test_sum_is_told_in_words(session: Session, people: Cast, talk: Event) -> None:
    has(
        session,
        people.bob,
        people.liverpool,
        title="Clinic",
        starts_at=SOON - timedelta(hours=4),
        ends_at=SOON - timedelta(hours=2),
        venue_id=venue(session, "LIV-MIF"),
    )
    (one,) = found(session, people.bob, talk).told
    assert (one.kind, one.head) == ("bad", "You cannot do both")
    assert one.sentence == (
        "“Clinic” ends 12:00 GMT in Liverpool on Tuesday 16 February, “Talk” begins 14:00 GMT in Oxford:"
        " 2\N{NO-BREAK SPACE}h between, 3\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}10 needed at the least."
    )
    assert not found(session, people.alice, talk)


def test_way_within_a_town_is_tight_and_the_houses_are_named(session: Session, people: Cast, talk: Event) -> None:
    has(
        session,
        people.bob,
        people.oxford,
        title="Breakfast",
        starts_at=SOON - timedelta(hours=4),
        ends_at=SOON - timedelta(minutes=25),
        venue_id=venue(session, "OXF-BEG"),
        is_online=True,
    )
    (one,) = found(session, people.bob, talk).told
    assert one.kind == "wait"
    assert "at Begbroke Science Park" in one.sentence
    assert one.sentence.replace("\N{NO-BREAK SPACE}", " ").endswith("25 min between, 30 min needed.")
    assert one.way_out == "“Breakfast” can be followed online, too."


def test_administrators_times_go_before_those_known_beforehand(session: Session, people: Cast, talk: Event) -> None:
    has(
        session,
        people.bob,
        people.liverpool,
        starts_at=SOON - timedelta(hours=4),
        ends_at=SOON - timedelta(hours=2),
        venue_id=venue(session, "LIV-MIF"),
    )
    session.add(TravelTime(site="LIV", other="OXF", least=90, planned=120))
    session.flush()
    assert not found(session, people.bob, talk)


@pytest.mark.parametrize(
    ("given", "registered"),
    [
        ({"state": EventState.CANCELLED}, {}),
        ({"state": EventState.DRAFT}, {}),
        ({"date_is_known": False}, {}),
        ({}, {"state": RegistrationState.WAITLISTED}),
        ({}, {"state": RegistrationState.CANCELLED, "ended_at": NOW}),
        ({}, {"state": RegistrationState.REFUSED, "ended_at": NOW}),
    ],
)
def test_what_is_not_had_or_not_held_clashes_with_nothing(
    session: Session, people: Cast, talk: Event, given: dict[str, Any], registered: dict[str, Any]
) -> None:
    has(session, people.bob, people.oxford, registered=registered, title="Other", **given)
    assert not found(session, people.bob, talk)


def test_what_is_offered_clashes_and_what_is_skipped_does_not(session: Session, people: Cast, talk: Event) -> None:
    offered = {"state": RegistrationState.OFFERED}
    other = has(session, people.bob, people.oxford, registered=offered, title="Offered")
    assert [one.title for one in found(session, people.bob, talk).told] == ["Offered"]
    mine = has(session, people.alice, people.oxford, title="Weekly")
    assert [one.title for one in found(session, people.alice, other).told] == ["Weekly"]
    from_row = things.registration(session, to=things.opening(session, events=[mine]), who=people.charlie)
    from_row.seats[0].state = SeatState.SKIPPED
    session.flush()
    assert not found(session, people.charlie, talk)


def test_parts_do_not_clash_with_their_whole_and_parallel_parts_do(session: Session, people: Cast) -> None:
    day = has(session, people.bob, people.oxford, title="Day", ends_at=SOON + timedelta(hours=8))
    one = has(session, people.bob, people.oxford, title="Workshop A", part_of_id=day.id)
    other = things.event(session, lead=people.oxford, title="Workshop B", part_of_id=day.id)
    assert not found(session, people.bob, one)
    assert [it.title for it in found(session, people.bob, other).told] == ["Workshop A"]


def test_whole_days_are_told_gently(session: Session, people: Cast, talk: Event) -> None:
    start = SOON.replace(hour=0)
    has(
        session,
        people.bob,
        people.oxford,
        title="Week",
        starts_at=start,
        ends_at=start + timedelta(days=5),
        all_day=True,
    )
    (one,) = found(session, people.bob, talk).told
    assert (one.kind, one.head) == ("wait", "This will be tight")
    assert "look whether both fit" in one.sentence


def test_it_asks_as_often_for_thirty_as_for_one(session: Session, people: Cast, talk: Event) -> None:
    counts = []
    for wanted in (1, 29):
        for number in range(wanted):
            has(
                session, people.bob, people.oxford, title=f"Other {wanted} {number}", venue_id=venue(session, "OXF-BEG")
            )
        session.flush()
        session.expire_all()
        counts.append(statements(session, people.bob, talk))
    assert counts[0] == counts[1]
    warnings = found(session, people.bob, talk)
    assert (len(warnings.told), warnings.more) == (6, 24)


def statements(session: Session, who: Person, talk: Event) -> int:
    """How many statements the question takes."""
    session.refresh(talk)
    session.refresh(who)
    assert talk.venue is not None
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    listening.listen(engine, "before_cursor_execute", note)
    found(session, who, talk)
    listening.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_of_several_the_first_and_the_last_are_looked_at_alike(session: Session, people: Cast, talk: Event) -> None:
    later = SOON + timedelta(days=28)
    last = things.event(session, lead=people.oxford, title="Last talk", starts_at=later)
    for title, starts in (("Clinic", SOON), ("Viva", later)):
        has(session, people.bob, people.oxford, title=title, starts_at=starts)
    assert [one.title for one in found(session, people.bob, last, talk).told] == ["Clinic", "Viva"]


def test_what_ends_this_minute_clashes_with_nothing_any_more(session: Session, people: Cast, talk: Event) -> None:
    has(session, people.bob, people.oxford, title="Clinic")
    for before, number in ((timedelta(minutes=1), 1), (timedelta(0), 0)):
        now = talk.ends_at - before
        assert len(clashes_of(session, people.bob.id, [talk], sources=(CALENDAR_SOURCE,), now=now)) == number


def test_what_is_over_or_called_off_is_warned_of_no_more(session: Session, people: Cast, talk: Event) -> None:
    has(session, people.bob, people.oxford, title="Clinic", ends_at=talk.ends_at + timedelta(hours=2))
    assert clashes_of(session, people.bob.id, [talk], sources=(CALENDAR_SOURCE,), now=talk.starts_at)
    assert clashes_of(session, people.bob.id, [talk], sources=(CALENDAR_SOURCE,), now=talk.ends_at) == []
    talk.state = EventState.CANCELLED
    assert clashes_of(session, people.bob.id, [talk], sources=(CALENDAR_SOURCE,), now=talk.starts_at) == []
