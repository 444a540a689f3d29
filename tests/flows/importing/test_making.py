"""New rows become events: in their series, at their place, in their state, and nobody gets mail."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event, Series, Venue
from programme.engines.calendar.states import Audience, EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.reminders.models import ReminderRule
from programme.flows import scheduling
from programme.flows.importing.values import RowKind, Stays
from programme.flows.reminding import queue_due_reminders
from programme.people.states import Strand
from tests.data.invented import FEED, SPREADSHEET
from tests.factories.cast import Cast
from tests.flows.importing.conftest import NOW, OMAR, Bring, Look, line


def counted(session: Session, table: type) -> int:
    """Return how many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def only_event(session: Session) -> Event:
    """Return the one event there is."""
    return session.scalars(select(Event)).one()


def test_row_becomes_a_published_event_in_its_series(session: Session, bring: Bring) -> None:
    outcome = bring(line("On moss", speakers="Cora Windlethorpe; Dr Dov Emberly"))
    event = only_event(session)
    assert (outcome.new, outcome.published, outcome.told) == (1, 1, 0)
    assert (event.title, event.state, event.strand) == ("On moss", EventState.PUBLISHED, Strand.EXCHANGE)
    assert event.series is not None
    assert event.series.title == "Made-up Matters"
    assert [who.name for who in event.contributions] == ["Cora Windlethorpe", "Dr Dov Emberly"]
    assert (event.description, event.room, event.published_at) == ("An invented talk.", "Lecture Theatre Nought", NOW)


def test_row_in_preparation_is_a_draft(session: Session, bring: Bring) -> None:
    assert bring(line(status="preparation")).drafts == 1
    assert only_event(session).state is EventState.DRAFT


def test_without_leave_to_publish_everything_is_a_draft(session: Session, bring: Bring) -> None:
    bring(line(), publish=False)
    assert (only_event(session).state, only_event(session).published_at) == (EventState.DRAFT, None)


def test_drafts_are_published_by_the_same_file_with_leave(session: Session, bring: Bring) -> None:
    bring(line(), publish=False)
    outcome = bring(line(), publish=True)
    assert (outcome.new, outcome.changed, outcome.same, outcome.published) == (0, 0, 1, 1)
    assert only_event(session).state is EventState.PUBLISHED


def test_cancelled_row_is_shown_as_cancelled(session: Session, bring: Bring) -> None:
    bring(line(status="cancelled"))
    event = only_event(session)
    assert (event.state, event.cancelled_at, event.published_at) == (EventState.CANCELLED, NOW, NOW)


@pytest.mark.parametrize(
    ("audience", "booking", "kept", "note"),
    [
        ("Members of the University only", "Not required", Audience.LEAD_UNIVERSITY, ""),
        (
            "Members of the University only",
            "Required",
            Audience.LEAD_UNIVERSITY,
            "Members of Oxford only; booking required",
        ),
        ("Public", "Recommended", Audience.EVERYONE, "Everyone; booking recommended"),
        ("Friends of the moss", "", Audience.EVERYONE, "Friends of the moss"),
        ("", "Required", Audience.EVERYONE, "Booking required"),
    ],
)
def test_who_can_attend_and_booking_are_kept(
    session: Session, bring: Bring, audience: str, booking: str, kept: Audience, note: str
) -> None:
    bring(line(audience=audience, booking=booking))
    event = only_event(session)
    assert (event.audience, event.audience_note, event.visibility.value) == (kept, note, "public")


def test_title_to_come_is_known_as_such(session: Session, bring: Bring) -> None:
    bring(line("TBA"))
    assert not only_event(session).title_is_known


def test_venue_is_found_by_its_name_with_the_room_before_it(session: Session, bring: Bring, cast: Cast) -> None:
    venue = Venue(name="Example Building", organisation_id=cast.oxford.id)
    session.add_all([venue, Venue(name="Twice"), Venue(name="twice")])
    session.commit()
    bring(line("One", venue='"Room 3, example building"'), line("Two", venue="Twice"))
    one, two = session.scalars(select(Event).order_by(Event.title)).all()
    assert (one.venue_id, one.room) == (venue.id, "Room 3")
    assert (two.venue_id, two.room) == (None, "Twice")


def test_venue_of_another_organisation_is_only_words(session: Session, bring: Bring, cast: Cast) -> None:
    session.add(Venue(name="Lecture Theatre Nought", organisation_id=cast.liverpool.id))
    session.commit()
    bring(line())
    assert (only_event(session).venue_id, only_event(session).room) == (None, "Lecture Theatre Nought")


def test_series_is_found_by_its_title(session: Session, bring: Bring) -> None:
    bring(line("One"))
    outcome = bring(line("Two", series="made-up  MATTERS"))
    assert counted(session, Series) == 1
    assert [title for _, title in outcome.series] == ["Made-up Matters"]


def test_everything_new_is_in_the_trail(session: Session, bring: Bring) -> None:
    bring(line("One"), line("Two"))
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.organisation_id.is_not(None))).all()
    assert (verbs.count("imported"), verbs.count("import")) == (2, 1)


def test_upcoming_published_events_get_the_usual_reminder_and_nobody_gets_mail(session: Session, bring: Bring) -> None:
    bring(line("One"), line("Two", status="preparation"))
    assert counted(session, ReminderRule) == 1
    assert counted(session, OutboxMessage) == 0


def test_past_calendar_is_an_archive_without_mail_and_reminders(session: Session, bring: Bring) -> None:
    outcome = bring(data=FEED.read_bytes(), source=FEED.name)
    assert (outcome.new, outcome.archived) == (24, 24)
    assert all(session.scalars(select(Event.is_archive)))
    assert counted(session, ReminderRule) == 0
    queue_due_reminders(session, NOW)
    assert counted(session, OutboxMessage) == 0


def test_invented_spreadsheet_is_taken_whole(session: Session, look: Look, bring: Bring) -> None:
    found = look(data=SPREADSHEET.read_bytes(), source=SPREADSHEET.name)
    assert (found.read, found.kinds[RowKind.NEW], found.odd, found.refused) == (60, 60, 8, ())
    outcome = bring(data=SPREADSHEET.read_bytes(), source=SPREADSHEET.name)
    assert (outcome.new, outcome.published, outcome.drafts, outcome.archived) == (60, 55, 5, 0)
    backwards = session.scalars(select(Event).where(Event.title == "Backwards")).one()
    assert backwards.ends_at - backwards.starts_at == timedelta(hours=1)
    assert len(session.scalars(select(Event).where(Event.title == "Said twice")).all()) == 2
    assert session.scalar(select(Event.title).where(Event.title.startswith("="))) == "=A1+A2"


def test_the_same_file_twice_makes_nothing_new(session: Session, look: Look, bring: Bring) -> None:
    for file in (SPREADSHEET, FEED):
        bring(data=file.read_bytes(), source=file.name)
        found = look(data=file.read_bytes(), source=f"copy of {file.name}")
        assert set(found.kinds) == {RowKind.SAME}
        assert (found.has_work, found.questions, found.missing) == (False, (), 0)
        outcome = bring(data=file.read_bytes(), source=file.name)
        assert (outcome.new, outcome.changed, outcome.followed) == (0, 0, 0)
    assert counted(session, Event) == 84


@pytest.mark.parametrize("status", ["", "published"])
def test_row_that_says_nothing_of_its_status_is_published_with_leave(
    session: Session, bring: Bring, status: str
) -> None:
    assert bring(line(status=status), publish=False).stay == {Stays.NO_LEAVE: 1}
    again = bring(line(status=status), publish=True)
    assert (again.same, again.published, again.stay) == (1, 1, {})
    assert only_event(session).state is EventState.PUBLISHED


@pytest.mark.parametrize(("status", "why"), [("draft", Stays.FILE), ("perhaps", Stays.UNKNOWN)])
def test_only_what_the_row_calls_a_draft_stays_one(session: Session, bring: Bring, status: str, why: Stays) -> None:
    for _ in range(2):
        assert bring(line(status=status)).stay == {why: 1}
        assert only_event(session).state is EventState.DRAFT


def test_event_that_was_made_a_draft_again_stays_one(session: Session, bring: Bring) -> None:
    bring(line(status=""))
    scheduling.unpublish(session, only_event(session).id, actor=OMAR, now=NOW)
    session.commit()
    assert bring(line(status="")).stay == {Stays.HERE: 1}
    assert only_event(session).state is EventState.DRAFT


def test_file_that_drops_its_status_brings_nothing_back(session: Session, bring: Bring) -> None:
    bring(line())
    scheduling.cancel(session, only_event(session).id, actor=OMAR, now=NOW)
    session.commit()
    bring(line(status=""))
    assert only_event(session).state is EventState.CANCELLED


def test_long_lines_are_shortened_and_told(session: Session, look: Look, bring: Bring) -> None:
    row = line("t" * 1_000_000, series="s" * 600, venue="v" * 600)
    assert {"title", "series", "venue"} <= {odd.field for odd in look(row).oddities}
    assert (bring(row).new, bring(row).same) == (1, 1)
    event = only_event(session)
    assert event.series is not None
    assert [len(text) for text in (event.title, event.series.title, event.room)] == [500, 500, 500]
