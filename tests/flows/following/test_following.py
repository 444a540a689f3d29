"""Events of ours follow a calendar elsewhere: new, changed and gone, beside what organisers changed here."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.models import Contribution, Event
from programme.engines.calendar.states import EventState
from programme.engines.calendar.subscribed.models import FollowedEvent, SubscribedAddress
from programme.engines.calendar.subscribed.states import Upstream
from programme.engines.mail.models import OutboxMessage
from programme.flows.following import carrying_out
from programme.flows.following.deciding import decide, decide_vanished, stop
from tests.factories.cast import Cast
from tests.factories.things import opening, registration, series
from tests.flows.following.conftest import NOW, OMAR, Follow, address_of, only_entry, only_event, talk

MOVED = "20270203T130000Z"


def with_a_place(session: Session, cast: Cast) -> None:
    """Give Bob a place at the one event."""
    registration(session, to=opening(session, events=[only_event(session)]), who=cast.bob)
    session.commit()


def letters(session: Session) -> list[str]:
    """Return to whom letters are queued."""
    return list(session.scalars(select(OutboxMessage.recipient)))


def test_new_events_are_made_and_published_and_the_same_again_changes_nothing(session: Session, follow: Follow) -> None:
    assert follow(talk(), talk("fern", "On ferns")).new == 2
    assert {row.state for row in session.scalars(select(Event))} == {EventState.PUBLISHED}
    again = follow(talk(), talk("fern", "On ferns"))
    assert (again.same, again.new, again.changed, again.has_news) == (2, 0, 0, False)


def test_a_calendar_that_is_not_to_publish_makes_drafts_in_its_series(
    session: Session, cast: Cast, follow: Follow
) -> None:
    run = series(session, lead=cast.oxford)
    session.commit()
    quiet = address_of(session, cast, url="https://talks.example.ac.uk/b.ics", publishes=False, series_id=run.id)
    follow(talk(), of=quiet)
    assert (only_event(session).state, only_event(session).series_id) == (EventState.DRAFT, run.id)


def test_what_is_long_over_or_far_ahead_is_not_taken(session: Session, follow: Follow) -> None:
    done = follow(talk("old", "Old", "20260101T130000Z"), talk("far", "Far", "20400101T130000Z"), talk())
    assert (done.new, done.outside) == (1, 2)
    assert only_event(session).title == "On moss"


def test_what_its_source_changed_is_taken_and_whoever_has_a_place_is_told(
    session: Session, cast: Cast, follow: Follow
) -> None:
    follow(talk())
    with_a_place(session, cast)
    done = follow(talk("moss", "On mosses", MOVED))
    event = only_event(session)
    assert (done.changed, done.told) == (1, 1)
    assert (event.title, event.starts_at, event.sequence) == ("On mosses", datetime(2027, 2, 3, 13, tzinfo=UTC), 1)
    assert letters(session) == [cast.bob.address]
    assert follow(talk("moss", "On mosses", MOVED)).same == 1
    assert letters(session) == [cast.bob.address]


def test_what_organisers_changed_stays_while_the_rest_follows(session: Session, follow: Follow) -> None:
    follow(talk())
    event = only_event(session)
    event.title, event.description = "Moss, and why it matters", "Words of ours."
    event.contributions.append(Contribution(name="Cora Windlethorpe", role="speaker"))
    session.commit()
    done = follow(talk("moss", "On moss", MOVED))
    event = only_event(session)
    assert (done.changed, done.conflicts) == (1, 0)
    assert (event.title, event.description, event.starts_at.day) == ("Moss, and why it matters", "Words of ours.", 3)
    assert [who.name for who in event.contributions] == ["Cora Windlethorpe"]


def conflict(session: Session, follow: Follow) -> None:
    """Let both sides change the title."""
    follow(talk())
    only_event(session).title = "Moss, and why it matters"
    session.commit()
    assert follow(talk("moss", "Mosses of the north")).conflicts == 1


def test_what_both_changed_is_a_conflict_and_nothing_is_lost(session: Session, follow: Follow) -> None:
    conflict(session, follow)
    entry = only_entry(session)
    assert (entry.conflicts, entry.said["title"]) == (["title"], "Mosses of the north")
    assert only_event(session).title == "Moss, and why it matters"
    assert follow(talk("moss", "Mosses of the north")).conflicts == 0, "said once"
    assert only_entry(session).conflicts == ["title"]


@pytest.mark.parametrize(("theirs", "title"), [(True, "Mosses of the north"), (False, "Moss, and why it matters")])
def test_an_organiser_decides_a_conflict_once(session: Session, follow: Follow, theirs: bool, title: str) -> None:  # noqa: FBT001
    conflict(session, follow)
    decide(session, only_entry(session), "title", theirs=theirs, actor=OMAR, now=NOW)
    session.commit()
    assert (only_event(session).title, only_entry(session).conflicts) == (title, [])
    with pytest.raises(Refusal, match="already"):
        decide(session, only_entry(session), "title", theirs=True, actor=OMAR, now=NOW)
    assert follow(talk("moss", "Mosses of the north")).same == 1
    assert only_event(session).title == title
    after = follow(talk("moss", "Mosses of the south"))
    assert (after.changed, after.conflicts) == ((1, 0) if theirs else (0, 1))


def test_a_conflict_ends_where_both_agree(session: Session, follow: Follow) -> None:
    conflict(session, follow)
    follow(talk("moss", "Moss, and why it matters"))
    assert only_entry(session).conflicts == []


def test_a_cancelled_event_is_cancelled_here_and_comes_back(session: Session, cast: Cast, follow: Follow) -> None:
    follow(talk())
    with_a_place(session, cast)
    assert follow(talk("moss", "On moss", "20270202T130000Z", "STATUS:CANCELLED")).told == 1
    assert only_event(session).state is EventState.CANCELLED
    follow(talk("moss", "On moss", MOVED, "STATUS:CONFIRMED"))
    event = only_event(session)
    assert (event.state, event.starts_at.day) == (EventState.PUBLISHED, 3)


def test_a_draft_that_organisers_published_is_cancelled_with_its_source(
    session: Session, cast: Cast, follow: Follow
) -> None:
    quiet = address_of(session, cast, url="https://talks.example.ac.uk/b.ics", publishes=False)
    follow(talk(), of=quiet)
    event = only_event(session)
    event.state, event.published_at = EventState.PUBLISHED, NOW
    session.commit()
    follow(talk("moss", "On moss", "20270202T130000Z", "STATUS:CANCELLED"), of=quiet)
    assert only_event(session).state is EventState.CANCELLED


def test_what_vanished_without_anybody_is_called_off_and_comes_back_as_the_same_event(
    session: Session, follow: Follow
) -> None:
    follow(talk(), talk("fern", "On ferns"))
    done = follow(talk())
    gone = session.scalars(select(Event).where(Event.title == "On ferns")).one()
    assert (done.called_off, gone.state) == (1, EventState.CANCELLED)
    assert follow(talk()).called_off == 0, "once"
    done = follow(talk(), talk("fern", "On ferns", MOVED))
    session.refresh(gone)
    assert (done.back, done.new, gone.state, gone.starts_at.day) == (1, 0, EventState.PUBLISHED, 3)


def test_what_vanished_with_people_is_asked_about(session: Session, cast: Cast, follow: Follow) -> None:
    follow(talk(), talk("fern", "On ferns", MOVED))
    event = session.scalars(select(Event).where(Event.title == "On ferns")).one()
    registration(session, to=opening(session, events=[event]), who=cast.bob)
    session.commit()
    done = follow(talk())
    session.refresh(event)
    assert (done.asked, done.called_off, event.state, letters(session)) == (1, 0, EventState.PUBLISHED, [])
    assert follow(talk()).asked == 0, "asked once"
    done = follow(talk(), talk("fern", "On ferns", MOVED))
    assert (done.back, session.get_one(Event, event.id).state) == (1, EventState.PUBLISHED)


@pytest.mark.parametrize("keeps", [True, False])
def test_an_organiser_decides_about_what_vanished(session: Session, cast: Cast, follow: Follow, keeps: bool) -> None:  # noqa: FBT001
    follow(talk(), talk("fern", "On ferns", MOVED))
    event = session.scalars(select(Event).where(Event.title == "On moss")).one()
    registration(session, to=opening(session, events=[event]), who=cast.bob)
    session.commit()
    follow(talk("fern", "On ferns", MOVED))
    entry = session.scalars(select(FollowedEvent).where(FollowedEvent.event_id == event.id)).one()
    told = decide_vanished(session, entry, keeps=keeps, actor=OMAR, now=NOW)
    session.commit()
    session.refresh(event)
    assert told == (0 if keeps else 1)
    assert event.state is (EventState.PUBLISHED if keeps else EventState.CANCELLED)
    assert entry.upstream is (Upstream.KEPT if keeps else Upstream.CALLED_OFF)


def test_what_organisers_worked_on_is_asked_about(session: Session, follow: Follow) -> None:
    follow(talk(), talk("fern", "On ferns"))
    event = session.scalars(select(Event).where(Event.title == "On ferns")).one()
    event.description = "Words of ours."
    session.commit()
    assert follow(talk()).asked == 1


def test_where_most_of_a_calendar_vanishes_at_once_nothing_is_called_off(session: Session, follow: Follow) -> None:
    follow(*[talk(f"{number}@x", f"Talk {number}") for number in range(10)])
    done = follow(talk("0@x", "Talk 0"))
    assert (done.called_off, done.asked) == (0, 9)
    assert {row.state for row in session.scalars(select(Event))} == {EventState.PUBLISHED}


def test_where_a_row_cannot_be_read_nothing_is_called_off(session: Session, follow: Follow) -> None:
    follow(talk(), talk("fern", "On ferns"))
    done = follow(talk(), talk("fern", "On ferns", "whenever"))
    assert (done.called_off, done.asked, len(done.odd)) == (0, 1, 1)


def test_what_is_over_may_leave_its_calendar(session: Session, follow: Follow) -> None:
    follow(talk(), talk("fern", "On ferns", "20270301T130000Z"))
    later = datetime(2027, 2, 10, tzinfo=UTC)
    done = follow(talk("fern", "On ferns", "20270301T130000Z"), now=later)
    assert (done.called_off, done.asked) == (0, 0)


def test_an_older_version_changes_nothing_and_an_equal_sequence_does(session: Session, follow: Follow) -> None:
    late, early = "DTSTAMP:20270110T100000Z", "DTSTAMP:20270109T100000Z"
    follow(talk("moss", "On moss", "20270202T130000Z", "SEQUENCE:3", late))
    assert follow(talk("moss", "On old moss", "20270202T130000Z", "SEQUENCE:3", early)).changed == 0
    assert only_event(session).title == "On moss"
    newer = "DTSTAMP:20270111T100000Z"
    assert follow(talk("moss", "On new moss", "20270202T130000Z", "SEQUENCE:3", newer)).changed == 1


def test_each_time_of_a_series_is_an_event_that_follows_a_change_of_its_rule(session: Session, follow: Follow) -> None:
    weekly = talk("moss", "On moss", "20270202T130000Z", "RRULE:FREQ=WEEKLY;COUNT=3")
    follow(weekly)
    before = {row.starts_at: row.id for row in session.scalars(select(Event))}
    changed = "EXDATE:20270209T130000Z"
    done = follow(talk("moss", "On moss", "20270202T130000Z", "RRULE:FREQ=WEEKLY;COUNT=4", changed))
    after = {row.starts_at: row for row in session.scalars(select(Event))}
    assert (done.new, done.called_off, done.same) == (1, 1, 2)
    assert {starts: after[starts].id for starts in before} == before
    assert after[datetime(2027, 2, 9, 13, tzinfo=UTC)].state is EventState.CANCELLED


def test_an_event_belongs_to_the_address_that_had_it_first(session: Session, cast: Cast, follow: Follow) -> None:
    follow(talk())
    other = address_of(session, cast, url="https://talks.example.ac.uk/all.ics")
    done = follow(talk("moss", "On other moss"), of=other)
    assert (done.new, done.changed, len(done.odd)) == (0, 0, 1)
    assert only_event(session).title == "On moss"


def test_stopping_keeps_the_events_and_following_again_finds_them(
    session: Session, cast: Cast, address: SubscribedAddress, follow: Follow
) -> None:
    follow(talk())
    stop(session, session.get_one(SubscribedAddress, address.id), actor=OMAR, now=NOW)
    session.commit()
    only_event(session).description = "Words of ours."
    session.commit()
    again = address_of(session, cast)
    done = follow(talk("moss", "On new moss"), of=again)
    assert (done.new, only_event(session).description) == (0, "Words of ours.")
    assert only_entry(session).conflicts == ["title"], "who changed it is not known: asked, and nothing lost"


def test_the_other_universitys_event_of_the_same_name_is_another(session: Session, cast: Cast, follow: Follow) -> None:
    follow(talk())
    other = address_of(session, cast, organisation_id=cast.liverpool.id)
    assert follow(talk(), of=other).new == 1
    leads = set(session.scalars(select(Event.lead_organisation_id)))
    assert leads == {cast.oxford.id, cast.liverpool.id}


def test_an_event_that_was_handed_over_is_left_alone(session: Session, cast: Cast, follow: Follow) -> None:
    follow(talk())
    only_event(session).lead_organisation_id = cast.liverpool.id
    session.commit()
    done = follow(talk("moss", "On new moss"))
    assert (done.changed, only_event(session).title) == (0, "On moss")
    done = follow(talk("fern", "On ferns"))
    assert (done.called_off, done.asked) == (0, 0)


def test_what_is_beyond_measure_is_left_for_the_next_turn(
    session: Session, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying_out, "MOST_NEW", 3)
    monkeypatch.setattr(carrying_out, "MOST_CHANGED", 2)
    talks = [talk(f"{number}@x", f"Talk {number}") for number in range(5)]
    first, second = follow(*talks), follow(*talks)
    assert [(done.new, done.left) for done in (first, second)] == [(3, 2), (2, 0)]
    moved = [talk(f"{number}@x", f"Talk {number}", MOVED) for number in range(5)]
    assert [(done.changed, done.left) for done in (follow(*moved), follow(*moved), follow(*moved))] == [
        (2, 3),
        (2, 1),
        (1, 0),
    ]
    assert {row.starts_at.day for row in session.scalars(select(Event))} == {3}
