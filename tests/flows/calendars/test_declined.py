"""What the letter about a place that a calendar declined brings, as a mail server received it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from programme.engines.calendar.replies.reading import Answer
from programme.engines.mail.states import CalendarBy
from programme.engines.mail.wishes.choices import AS_USUAL, choose
from programme.engines.registration.models import Opening, Registration
from programme.flows.replying import acting
from programme.flows.replying.returning import take_place_back
from tests.factories.cast import Cast
from tests.flows.calendars.invited import Post, calendar_part, checked, files, method_and_entries, octets, words
from tests.flows.conftest import NOW, Enter, actor_for

HOUR = timedelta(hours=1)


def decline(session: Session, row: Registration, *, now: datetime) -> None:
    """Let somebody's calendar decline the one event of their registration."""
    acting.apply(session, row, row.seats[0], Answer.DECLINED, stamp=now, now=now, by=row.person_id)
    session.commit()


def test_it_is_taken_out_and_comes_back_newer(
    mail: Post, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.alice.address, actor=actor_for(people.alice)).registration
    said = mail.sent(NOW)
    decline(session, row, now=NOW + HOUR)
    said += mail.sent(NOW + HOUR)
    assert "takes the entry out of your calendar" in words(said[-1])
    take_place_back(session, row.id, now=NOW + 2 * HOUR)
    session.commit()
    said += mail.sent(NOW + 2 * HOUR)
    seen = [checked(octets(part), to=people.alice.address) for message in said if (part := calendar_part(message))]
    assert [method for method, _ in seen] == ["REQUEST", "CANCEL", "REQUEST"]
    assert len({str(entry["UID"]) for _, entry in seen}) == 1
    numbers = [int(entry["SEQUENCE"]) for _, entry in seen]
    assert numbers == sorted(set(numbers))


def test_whoever_wants_files_gets_a_file(
    mail: Post, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    choose(session, people.alice.id, replace(AS_USUAL, calendar_by=CalendarBy.FILE), now=NOW)
    row = enter(opening, people.alice.address, actor=actor_for(people.alice)).registration
    decline(session, row, now=NOW + HOUR)
    last = mail.sent(NOW + HOUR)[-1]
    assert "The attached file takes it out of your calendar" in words(last)
    method, (entry,) = method_and_entries(octets(files(last)[0]))
    assert (method, str(entry["STATUS"])) == ("PUBLISH", "CANCELLED")
