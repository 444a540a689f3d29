"""News of another place or link: told once to those it concerns, under a number that is not the SEQUENCE."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.actions.values import plan_of
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.states import RegistrationState
from programme.flows import scheduling
from programme.people.permissions import NOBODY
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories.cast import Cast, assemble
from tests.factories.things import SOON, event, opening, registration

NOW = SOON - timedelta(days=20)
BY: dict[str, Any] = {"actor": NOBODY, "now": NOW}
OLD, NEW = "https://meet.example.ac.uk/old", "https://meet.example.ac.uk/new"
ALICE, BOB, CHARLIE = "alice@liverpool.example.ac.uk", "bob@oxford.example.ac.uk", "charlie@example.org"


class Online:
    """A talk that Alice takes part in online; Bob is offered a place, and Charlie waits."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session = session
        self.event = event(session, lead=cast.liverpool, room="Room 1", is_online=True, online_link=OLD)
        place = opening(session, events=[self.event], capacity=2)
        self.alice = registration(session, to=place, who=cast.alice)
        self.bob = registration(session, to=place, who=cast.bob, state=RegistrationState.OFFERED)
        self.bob.answer_by = SOON
        registration(session, to=place, who=cast.charlie, state=RegistrationState.WAITLISTED)
        session.commit()

    def link(self, link: str, **how: Any) -> int:
        """Give it another joining link, and return how many are told."""
        details = replace(details_of(self.event), online_link=link)
        _, told = scheduling.edit(self.session, self.event.id, details, **{**BY, **how})
        self.session.commit()
        return told

    def room(self, room: str, **how: Any) -> int:
        """Put it into another room, and return how many are told."""
        plan = replace(plan_of(self.event), room=room)
        _, told = scheduling.move(self.session, self.event.id, plan, **{**BY, **how})
        self.session.commit()
        return told


@pytest.fixture
def online(session: Session) -> Online:
    """The talk, three weeks ahead."""
    return Online(session, assemble(session))


@pytest.fixture
def post(app: Flask, session: Session, capture: Capture) -> Callable[..., list[Any]]:
    """Let the mail go, and return the letters to somebody since."""

    def sent(to: str, *, minutes: int = 5) -> list[Any]:
        run_due(app, NOW + timedelta(minutes=minutes))
        session.expire_all()
        return capture.to(to)

    return sent


def words(letter: Any) -> str:
    """The plain text of a letter."""
    return str(letter.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def entry(letter: Any) -> Any:
    """The event that a letter brings."""
    [part] = [part for part in letter.walk() if part.get_filename("").endswith(".ics")][:1]
    return icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]


def test_another_link_is_told_to_those_alone_who_have_taken_a_place(
    online: Online, post: Callable[..., list[Any]]
) -> None:
    assert online.link(NEW) == 1
    [letter] = post(ALICE)
    assert str(letter["subject"]) == "New link to join: Quantum sensing for chemists"
    assert f"Joining link, new: {NEW}" in words(letter)
    assert OLD not in letter.as_string()
    assert NEW in str(entry(letter)["DESCRIPTION"])
    assert (post(BOB), post(CHARLIE)) == ([], [])


def test_another_place_and_link_raise_no_sequence_and_are_told_each(
    online: Online, post: Callable[..., list[Any]]
) -> None:
    assert online.room("Room 2") == 3
    post(ALICE)
    assert online.room("Room 3", now=NOW + timedelta(hours=1)) == 3
    first, second = post(ALICE, minutes=70)
    assert "Where, before: Room 1, and online\nWhere, now:    Room 2, and online" in words(first)
    assert "Where, before: Room 2, and online\nWhere, now:    Room 3, and online" in words(second)
    was, is_now = entry(first), entry(second)
    assert (was["SEQUENCE"], is_now["SEQUENCE"], was["UID"]) == (0, 0, is_now["UID"])
    assert is_now["LAST-MODIFIED"].dt > was["LAST-MODIFIED"].dt
    assert (online.event.news, online.event.sequence) == (2, 0)


def test_place_and_link_before_the_mail_went_are_one_letter(online: Online, post: Callable[..., list[Any]]) -> None:
    online.link(NEW)
    assert online.room("Room 2") == 3
    [letter] = post(ALICE)
    assert "Where, now:    Room 2, and online" in words(letter)
    assert f"Joining link, new: {NEW}" in words(letter)
    [waits] = post(CHARLIE)
    assert "Room 2" in words(waits)
    assert NEW not in waits.as_string()


def test_link_there_and_back_before_the_mail_went_tells_nobody(online: Online, post: Callable[..., list[Any]]) -> None:
    assert [online.link(NEW), online.link(OLD)] == [1, 0]
    assert post(ALICE) == []


def test_news_of_a_link_does_not_repeat_the_sentence_of_an_earlier_move(
    online: Online, post: Callable[..., list[Any]]
) -> None:
    online.room("Room 2", reason="The lift is out of order.")
    post(ALICE)
    online.link(NEW, now=NOW + timedelta(hours=1))
    moved, linked = post(ALICE, minutes=70)
    assert "The lift is out of order." in words(moved)
    assert "The lift is out of order." not in words(linked)


def test_quiet_corrections_reach_calendars_and_nobodys_mail(online: Online, post: Callable[..., list[Any]]) -> None:
    version = online.event.version
    assert (online.link(NEW, is_quiet=True), online.room("Room 1 ", is_quiet=True)) == (0, 0)
    assert post(ALICE) == []
    assert online.event.version > version
    assert online.event.news == 0


def test_quiet_correction_leaves_news_that_waits_to_be_told(online: Online, post: Callable[..., list[Any]]) -> None:
    online.room("Rom 2")
    online.room("Room 2", is_quiet=True)
    [letter] = post(ALICE)
    assert "Where, now:    Room 2, and online" in words(letter)


def test_another_time_is_never_quiet(online: Online) -> None:
    plan = plan_of(online.event)
    later = replace(plan, ends_at=plan.ends_at + timedelta(hours=1))
    with pytest.raises(Refusal, match="Another time is told"):
        scheduling.move(online.session, online.event.id, later, is_quiet=True, **BY)


def test_link_of_a_draft_and_of_what_is_over_is_told_to_nobody(online: Online) -> None:
    assert online.link(NEW, now=SOON + timedelta(days=2)) == 0


def test_letter_queued_before_links_were_told_says_nothing_of_one(
    online: Online, post: Callable[..., list[Any]]
) -> None:
    online.room("Room 2")
    for row in online.session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "event_moved")):
        known = {name: value for name, value in row.context["before"].items() if name != "link"}
        row.context = {**row.context, "before": known}
    online.session.commit()
    [letter] = post(ALICE)
    assert "Joining link" not in words(letter)
