"""What organisers are warned of: their own business and what all may see, and of others' drafts nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event as listening
from sqlalchemy import select

from programme.engines.calendar.actions.putting_aside import put_aside
from programme.engines.calendar.models import AcademicPeriod, Contribution, Event, Venue
from programme.engines.calendar.queries.neighbours import with_all
from programme.engines.calendar.states import EventState, PeriodKind, PeriodStatus, Visibility
from programme.engines.calendar.warnings.values import Kind
from programme.engines.registration.states import Eligibility
from programme.flows.warning.finding import of_events
from programme.flows.warning.words import UNSEEN, Thought, thoughts_of
from programme.people.groups.models import Group
from programme.people.identity import actor_of
from tests.factories import things
from tests.factories.things import SOON
from tests.flows.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.models import Organisation, Person
    from programme.people.permissions import Actor
    from tests.factories.cast import Cast

ROOM = "Lecture theatre 2"


def venue(session: Session, code: str) -> int:
    """The id of a place."""
    return session.scalars(select(Venue.id).where(Venue.code == code)).one()


def held(session: Session, lead: Organisation, *, speaker: str = "", code: str = "OXF-SBS", **given: Any) -> Event:
    """An event in the lecture theatre in Oxford, unless told otherwise."""
    row = things.event(session, lead=lead, **{"room": ROOM, "venue_id": venue(session, code), **given})
    if speaker:
        row.contributions = [Contribution(name=speaker)]
    session.flush()
    return row


def thoughts(session: Session, who: Person, event: Event) -> list[Thought]:
    """What somebody is told to think about."""
    found = of_events(session, [event], actor=actor_of(who), now=NOW, counts_people=True)
    return list(thoughts_of(found.get(event.id, [])).told)


def heads(session: Session, who: Person, event: Event) -> list[str]:
    """The heads of what somebody is told to think about."""
    return [one.head for one in thoughts(session, who, event)]


@pytest.fixture
def mine(session: Session, people: Cast) -> Event:
    """Oxford's own talk, by Ada Ash."""
    return held(session, people.oxford, title="Mine", speaker="Ada Ash")


def test_room_taken_is_told_with_what_takes_it(session: Session, people: Cast, mine: Event) -> None:
    other = held(session, people.liverpool, title="Theirs", room=ROOM.upper())
    [told] = thoughts(session, people.omar, mine)
    assert (told.head, told.kind) == ("The room is taken", "bad")
    assert told.sentence.startswith(f"“Theirs” is in {ROOM}, ")
    assert told.path.endswith(f"-{other.id}")


@pytest.mark.parametrize("given", [{"room": "Room 1"}, {"room": ""}, {"starts_at": SOON + timedelta(hours=1)}])
def test_another_room_or_time_is_no_matter(session: Session, people: Cast, mine: Event, given: Any) -> None:
    held(session, people.liverpool, **given)
    assert heads(session, people.omar, mine) == []


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.DRAFT])
def test_cancelled_events_and_drafts_of_others_are_not_told(
    session: Session, people: Cast, mine: Event, state: EventState
) -> None:
    held(session, people.liverpool, title="Theirs", state=state, speaker="Ada Ash")
    assert heads(session, people.omar, mine) == []


def test_own_drafts_warn_and_are_warned(session: Session, people: Cast, mine: Event) -> None:
    draft = held(session, people.oxford, title="Draft", state=EventState.DRAFT, published_at=None)
    assert heads(session, people.omar, mine) == heads(session, people.omar, draft) == ["The room is taken"]


def test_of_what_one_may_not_see_only_the_room_is_told(session: Session, people: Cast, mine: Event) -> None:
    held(session, people.liverpool, title="Secret", visibility=Visibility.HIDDEN, speaker="Ada Ash")
    [told] = thoughts(session, people.omar, mine)
    assert told.sentence.startswith(UNSEEN)
    assert (told.title, told.path) == ("", "")


def test_speaker_at_two_places_is_told_with_the_way(session: Session, people: Cast, mine: Event) -> None:
    held(
        session, people.liverpool, code="LIV-VGM", speaker="ADA ASH", starts_at=SOON + timedelta(hours=2), title="North"
    )
    [told] = thoughts(session, people.omar, mine)
    assert told.head == "Ada Ash is on both programmes"
    assert "needed" in told.sentence


def test_group_asked_to_both_is_told_to_those_alone_whose_openings_they_are(
    session: Session, people: Cast, mine: Event
) -> None:
    group = Group(title="Cohort", organisation_id=people.oxford.id, created_at=NOW)
    session.add(group)
    session.flush()
    other = held(session, people.oxford, room="Room 1", title="Other")
    for row in (mine, other):
        things.opening(session, events=[row], eligibility=Eligibility.GROUP, eligible_group_id=group.id)
    assert heads(session, people.omar, mine) == ["The same group is asked to both"]
    mine.co_owners = [people.liverpool]
    session.flush()
    assert heads(session, people.olga, mine) == []


def test_people_with_places_at_both_are_counted_for_those_alone_who_run_both(
    session: Session, people: Cast, mine: Event
) -> None:
    other = held(session, people.oxford, room="Room 1", title="Other")
    for row in (mine, other):
        things.registration(session, to=things.opening(session, events=[row]), who=people.alice)
    assert heads(session, people.omar, mine) == ["1 person has a place at both"]
    mine.co_owners = [people.liverpool]
    session.flush()
    assert heads(session, people.olga, mine) == []


def test_what_one_chooses_among_is_asked_of_nobody_at_once(session: Session, people: Cast, mine: Event) -> None:
    group = Group(title="A group", organisation_id=people.oxford.id, created_at=NOW)
    session.add(group)
    whole = held(session, people.oxford, title="Whole", room="Hall", starts_at=SOON + timedelta(days=3))
    mine.part_of_id = whole.id
    given: dict[str, Any] = {"part_of_id": whole.id, "room": "Room 1"}
    at_once = held(session, people.oxford, title="At once", **given)
    far = held(session, people.oxford, title="Far", code="LIV-SPINE", starts_at=mine.ends_at, **given)
    session.flush()
    every: dict[str, Any] = {"eligibility": Eligibility.GROUP, "eligible_group_id": group.id}
    row = things.opening(session, events=[mine, at_once, far], **every)
    assert heads(session, people.omar, mine) == ["The same group is asked to both", "Whoever goes to both is late"]
    row.chooses = 1
    session.flush()
    assert heads(session, people.omar, mine) == []
    things.opening(session, events=[at_once], **every)
    session.flush()
    assert heads(session, people.omar, mine) == ["The same group is asked to both"]


def test_who_chose_both_is_no_warning_and_who_has_both_otherwise_is(
    session: Session, people: Cast, mine: Event
) -> None:
    other, third = (held(session, people.oxford, room="Room 1", title=title) for title in ("Other", "Third"))
    third.starts_at, third.ends_at = SOON + timedelta(days=2), SOON + timedelta(days=2, hours=1)
    choice = things.opening(session, events=[mine, other, third], chooses=2)
    things.registration(session, to=choice, who=people.alice)
    assert heads(session, people.omar, mine) == []
    things.registration(session, to=things.opening(session, events=[other]), who=people.alice)
    assert heads(session, people.omar, mine) == ["1 person has a place at both"]


def test_closed_university_is_told(session: Session, people: Cast, mine: Event) -> None:
    period = AcademicPeriod(
        organisation_id=people.liverpool.id,
        kind=PeriodKind.CLOSURE,
        label="Reading week",
        code="RW",
        first_day=SOON.date(),
        weeks=1,
        status=PeriodStatus.CONFIRMED,
    )
    session.add(period)
    session.flush()
    [told] = thoughts(session, people.omar, mine)
    assert told.head == "Closed"
    assert told.sentence == "Tuesday 16 February 2027: Liverpool: Reading week."


def test_what_was_put_aside_comes_back_when_it_is_another(session: Session, people: Cast, mine: Event) -> None:
    other = held(session, people.liverpool)
    [told] = thoughts(session, people.omar, mine)
    actor = actor_of(people.omar)
    for _ in range(2):
        put_aside(session, mine.id, told.mark, words=told.sentence, actor=actor, now=NOW)
    assert thoughts(session, people.omar, mine) == []
    other.ends_at += timedelta(minutes=30)
    session.flush()
    assert heads(session, people.omar, mine) == ["The room is taken"]


def test_what_is_over_is_not_thought_about(session: Session, people: Cast, mine: Event) -> None:
    held(session, people.liverpool)
    actor = actor_of(people.omar)
    assert of_events(session, [mine], actor=actor, now=mine.ends_at) == {}


def test_many_events_take_as_many_statements_as_one(session: Session, people: Cast, mine: Event) -> None:
    several = [held(session, people.oxford, starts_at=SOON + timedelta(days=day)) for day in range(12)]
    actor = actor_of(people.omar)
    session.commit()
    one, twelve = (statements(session, [row.id for row in rows], actor) for rows in ([mine], several))
    assert 0 < one == twelve < 15


def statements(session: Session, ids: list[int], actor: Actor) -> int:
    """How many statements it takes to find what is to think about of some events."""
    session.expire_all()
    rows = list(session.scalars(with_all(ids)))
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    engine = session.get_bind()
    listening.listen(engine, "before_cursor_execute", note)
    found = of_events(session, rows, actor=actor, now=NOW)
    listening.remove(engine, "before_cursor_execute", note)
    assert found or len(ids) == 1
    return len(seen)


def test_of_several_kinds_what_matters_most_comes_first(session: Session, people: Cast, mine: Event) -> None:
    held(session, people.liverpool, speaker="Ada Ash")
    found = of_events(session, [mine], actor=actor_of(people.omar), now=NOW)[mine.id]
    assert [one.kind for one in found] == [Kind.ROOM, Kind.SPEAKER]
