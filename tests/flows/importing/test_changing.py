"""Changed rows change only what the file changed; likely moves are asked, and people with places are told."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.models import Contribution, Event, ImportedEvent
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.flows.importing.values import Answer, Likeness, RowKind
from programme.people.states import Strand
from tests.factories.cast import Cast
from tests.factories.things import opening, registration
from tests.flows.importing.conftest import Bring, Look, line

UID = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:7\r\nSUMMARY:{title}\r\nDTSTART:{start}\r\nDTEND:{end}\r\n"
    "{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def entry(
    title: str = "On moss", start: str = "20270202T130000Z", end: str = "20270202T140000Z", more: str = ""
) -> bytes:
    """Return a calendar of one event that is always the same one."""
    return UID.format(title=title, start=start, end=end, more=more).encode()


def only_event(session: Session) -> Event:
    """Return the one event there is."""
    return session.scalars(select(Event)).one()


def test_changed_row_changes_only_what_the_file_changed(session: Session, look: Look, bring: Bring) -> None:
    bring(line())
    event = only_event(session)
    event.description, event.price_note = "Better words of ours.", "Free"
    event.contributions.append(Contribution(name="Chair Person", role="chair", position=9))
    session.commit()
    changed = line(speakers="Edda Fallowmere")
    assert look(changed).rows[0].fields == ("speakers",)
    outcome = bring(changed)
    event = only_event(session)
    assert (outcome.changed, outcome.new) == (1, 0)
    assert (event.description, event.price_note) == ("Better words of ours.", "Free")
    assert [who.name for who in event.contributions] == ["Edda Fallowmere", "Chair Person"]


def test_unchanged_row_leaves_what_was_edited_here(session: Session, bring: Bring) -> None:
    bring(line())
    only_event(session).title = "A better title"
    session.commit()
    assert bring(line()).same == 1
    assert only_event(session).title == "A better title"


def test_same_identity_at_another_time_moves_and_tells(session: Session, bring: Bring, cast: Cast) -> None:
    bring(data=entry(), source="a.ics")
    registration(session, to=opening(session, events=[only_event(session)]), who=cast.bob)
    session.commit()
    outcome = bring(data=entry(start="20270203T130000Z", end="20270203T140000Z"), source="a.ics")
    event = only_event(session)
    assert (outcome.changed, outcome.told) == (1, 1)
    assert (event.starts_at, event.sequence) == (datetime(2027, 2, 3, 13, tzinfo=UTC), 1)
    assert session.scalars(select(OutboxMessage.recipient)).all() == [cast.bob.address]


def test_cancelled_in_the_file_is_cancelled_here_and_comes_back(session: Session, bring: Bring, cast: Cast) -> None:
    bring(data=entry(), source="a.ics")
    registration(session, to=opening(session, events=[only_event(session)]), who=cast.bob)
    session.commit()
    assert bring(data=entry(more="STATUS:CANCELLED\r\n"), source="a.ics").told == 1
    assert only_event(session).state is EventState.CANCELLED
    assert bring(data=entry(more="STATUS:CONFIRMED\r\n"), source="a.ics").changed == 1
    assert only_event(session).state is EventState.PUBLISHED


def test_published_event_never_becomes_a_draft_by_a_file(session: Session, bring: Bring) -> None:
    bring(line())
    assert bring(line(status="preparation")).changed == 1
    assert only_event(session).state is EventState.PUBLISHED


def test_draft_that_the_file_calls_published_now_is_published(session: Session, bring: Bring) -> None:
    bring(line(status="preparation"))
    bring(line(status="published"), publish=False)
    assert only_event(session).state is EventState.DRAFT
    bring(line(status="published"))
    assert only_event(session).state is EventState.PUBLISHED


def test_likely_move_is_asked(look: Look, bring: Bring) -> None:
    bring(line(), line("On bells"))
    found = look(line(start="03/02/2027 13:00", end="03/02/2027 14:00"), line("On bells"))
    assert [question.likeness for question in found.questions] == [Likeness.MOVED]
    assert (found.kinds[RowKind.NEW], found.kinds[RowKind.SAME], found.missing) == (1, 1, 0)


def test_likely_move_that_moved_changes_the_event_and_tells(session: Session, bring: Bring, cast: Cast) -> None:
    bring(line())
    registration(session, to=opening(session, events=[only_event(session)]), who=cast.bob)
    session.commit()
    moved = line(start="03/02/2027 13:00", end="03/02/2027 14:00")
    outcome = bring(moved, choices=Answer.SAME)
    event = only_event(session)
    assert (outcome.followed, outcome.new, outcome.told) == (1, 0, 1)
    assert event.starts_at == datetime(2027, 2, 3, 13, tzinfo=UTC)
    assert bring(moved).same == 1


def test_likely_move_that_is_new_makes_another_event(session: Session, bring: Bring) -> None:
    bring(line())
    outcome = bring(line(start="03/02/2027 13:00", end="03/02/2027 14:00"), choices=Answer.NEW)
    assert (outcome.followed, outcome.new, outcome.told) == (0, 1, 0)
    assert len(session.scalars(select(Event)).all()) == 2


@pytest.mark.parametrize(
    ("before", "after", "likeness"),
    [
        (line(), line(venue="Lecture Theatre One"), Likeness.ELSEWHERE),
        (line("TBA"), line("On moss at last"), Likeness.RENAMED),
        (line("On mose"), line("On moss"), Likeness.RENAMED),
    ],
)
def test_another_place_or_title_at_the_same_time_is_asked(
    session: Session, look: Look, bring: Bring, before: str, after: str, likeness: Likeness
) -> None:
    bring(before)
    assert [question.likeness for question in look(after).questions] == [likeness]
    assert bring(after, choices=Answer.SAME).followed == 1
    event = only_event(session)
    assert event.title_is_known
    title, *_, room = after.split(",")[:5]
    assert (event.title, event.room) == (title, room)


def test_draft_that_is_followed_is_published_with_leave(session: Session, bring: Bring) -> None:
    bring(line(), publish=False)
    outcome = bring(line(start="03/02/2027 13:00", end="03/02/2027 14:00"), choices=Answer.SAME)
    assert (outcome.followed, outcome.published) == (1, 1)
    assert only_event(session).state is EventState.PUBLISHED


def test_organisers_own_move_is_kept_where_the_file_follows(session: Session, bring: Bring) -> None:
    bring(line())
    event = only_event(session)
    event.starts_at, event.ends_at = datetime(2027, 2, 3, 13, tzinfo=UTC), datetime(2027, 2, 3, 14, tzinfo=UTC)
    session.commit()
    outcome = bring(line(start="03/02/2027 13:00", end="03/02/2027 14:00"), choices=Answer.SAME)
    assert (outcome.followed, only_event(session).sequence) == (1, 0)


def test_vanished_rows_are_counted_and_stay(session: Session, look: Look, bring: Bring) -> None:
    bring(line(), line("On bells"), line("On tides", series="Another"), line("Over", start="01/12/2026 13:00", end=""))
    found = look(line())
    assert found.missing == 2
    bring(line())
    assert len(session.scalars(select(Event)).all()) == 4


def test_other_files_of_the_organisation_are_not_missing(look: Look, bring: Bring) -> None:
    bring(line("On bells", series="Bells"), source="bells.csv")
    assert look(line(), source="moss.csv").missing == 0


def test_event_of_another_strand_is_left_alone(session: Session, look: Look, bring: Bring) -> None:
    bring(line(), strand=Strand.PLACEMENTS)
    found = look(line(speakers="Somebody Else"))
    assert [row.kind for row in found.rows] == [RowKind.SAME]
    assert "another strand" in found.oddities[0].reason
    bring(line(speakers="Somebody Else"))
    assert [who.name for who in only_event(session).contributions] == ["Cora Windlethorpe"]


def test_same_row_of_another_organisation_is_its_own_event(
    session: Session, look: Look, bring: Bring, cast: Cast
) -> None:
    bring(line())
    assert look(line(), organisation_id=cast.liverpool.id).kinds[RowKind.NEW] == 1


def test_removed_event_comes_again(session: Session, bring: Bring) -> None:
    bring(line())
    session.delete(session.scalars(select(ImportedEvent)).one())
    session.commit()
    assert bring(line()).new == 1


def test_failure_in_the_middle_leaves_nothing(session: Session, bring: Bring) -> None:
    bring(data=entry(), source="a.ics")
    crowd = ", ".join(f"Speaker {number}" for number in range(99))
    event = only_event(session)
    event.contributions += [Contribution(name=f"Host {n}", role="host", position=n + 1) for n in range(60)]
    session.commit()
    with pytest.raises(Refusal, match="Line 2, “On moss”"):
        bring(data=two(crowd), source="a.ics")
    session.rollback()
    assert [event.title for event in session.scalars(select(Event))] == ["On moss"]
    assert session.scalars(select(ImportedEvent.title)).all() == ["On moss"]


def two(crowd: str) -> bytes:
    """Return a calendar of the known event, with very many speakers, and a new one."""
    known = entry(more=f"DESCRIPTION:x\\nSpeakers:\\n{crowd.replace(',', chr(92) + ',')}\r\n").decode()
    new = known.split("BEGIN:VCALENDAR\r\n")[1].replace("UID:7", "UID:8").replace("On moss", "On bells")
    return known.replace("END:VCALENDAR\r\n", new).encode()
