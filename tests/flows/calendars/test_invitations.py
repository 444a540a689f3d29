"""Invitations as a mail server received them: who is invited to what, how it changes, and how it is taken back."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.feeds.subscriptions import mark_used, revoke
from programme.engines.calendar.models import PersonalFeed
from programme.engines.calendar.states import FeedPurpose
from programme.engines.mail.states import CalendarBy
from programme.engines.mail.wishes.choices import AS_USUAL, choose
from programme.engines.registration.models import Opening
from programme.flows import scheduling
from programme.flows.calendars.letters.wishing import make_address
from programme.flows.companions.bringing import come_along
from programme.flows.registering import cancel_registration, lapse_unproved_holds
from programme.people.permissions import NOBODY
from tests.factories import things
from tests.factories.cast import Cast
from tests.factories.pictures import show
from tests.flows.calendars.invited import (
    OURS,
    Post,
    calendar_part,
    checked,
    files,
    method_and_entries,
    octets,
    parts,
    words,
)
from tests.flows.conftest import NOW, Enter, actor_for

ANNA = "anna@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def brought(message: EmailMessage) -> tuple[str, list[object]]:
    """The method of what a letter brings beside its text or as a file, and the UIDs in it, if there is one."""
    part = calendar_part(message) or next((one for one in files(message) if "calendar" in one.get_content_type()), None)
    if part is None:
        return "", []
    method, entries = method_and_entries(octets(part))
    return method, [str(entry["UID"]) for entry in entries]


def move(session: Session, event_id: int, opening: Opening, *, by: timedelta = DAY, after: timedelta = HOUR) -> None:
    """Put an event off by some time."""
    event = next(one for one in opening.events if one.id == event_id)
    plan = plan_of(event)
    later = replace(plan, starts_at=plan.starts_at + by, ends_at=plan.ends_at + by)
    scheduling.move(session, event_id, later, actor=NOBODY, now=NOW + after)
    session.commit()


def test_a_confirmation_is_an_invitation_as_mail_programs_want_it(
    mail: Post, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    enter(opening, people.alice.address, actor=actor_for(people.alice))
    (message,) = mail.sent(NOW)
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "multipart/alternative",
        "application/ics",
        "image/png",
    ]
    assert [part.get_content_type() for part in parts(message)] == ["text/plain", "text/html", "text/calendar"]
    part, (file, _) = calendar_part(message), files(message)
    assert part is not None
    assert part["Content-Disposition"] is None
    assert part["Content-Transfer-Encoding"] == "base64"
    told = dict(part["Content-Type"].params)
    assert told == {"charset": "UTF-8", "method": "REQUEST", "component": "VEVENT"}
    assert (file.get_filename(), file["Content-Type"].params["name"]) == ("invite.ics", "invite.ics")
    assert octets(file) == octets(part)
    method, entry = checked(octets(part), to=people.alice.address)
    assert (method, entry["SEQUENCE"], str(entry["STATUS"])) == ("REQUEST", 0, "CONFIRMED")
    assert message["From"].addresses[0].addr_spec == OURS
    assert [one.addr_spec for one in message["To"].addresses] == [people.alice.address]
    assert entry["ORGANIZER"].params["CN"] != message["From"].addresses[0].display_name
    text = words(message)
    assert "Accept keeps your place, Decline gives it back, as you can on the page of your place." in text
    assert "/registrations/" in text


@pytest.mark.parametrize("is_answered", [False])
def test_where_nobody_reads_answers_there_are_plain_files_alone(
    mail: Post, session: Session, opening: Opening, enter: Enter, *, is_answered: bool
) -> None:
    row = enter(opening, ANNA).registration
    assert not is_answered
    found = mail.sent(NOW)
    move(session, opening.events[0].id, opening)
    found += mail.sent(NOW + HOUR)
    cancel_registration(session, row.id, now=NOW + 2 * HOUR)
    session.commit()
    found += mail.sent(NOW + 2 * HOUR)
    assert [brought(message)[0] for message in found] == ["PUBLISH"] * 3
    assert [calendar_part(message) for message in found] == [None] * 3
    assert "ATTENDEE" not in "".join(octets(file).decode("latin-1") for message in found for file in files(message))


@pytest.mark.parametrize("is_answered", [True, False])
def test_letters_bring_no_address_of_a_picture_as_what_opens_them_fetches_nothing(
    app: Flask, mail: Post, session: Session, opening: Opening, enter: Enter, *, is_answered: bool
) -> None:
    show(session, opening.events[0], app.extensions["shelf"])
    session.commit()
    enter(opening, ANNA)
    (message,) = mail.sent(NOW)
    assert brought(message)[0] == ("REQUEST" if is_answered else "PUBLISH")
    assert [file for file in files(message) if b"IMAGE" in octets(file)] == []


def test_changes_and_the_end_follow_under_one_uid_with_a_higher_sequence(
    mail: Post, session: Session, opening: Opening, enter: Enter
) -> None:
    row, event_id = enter(opening, ANNA).registration, opening.events[0].id
    said = mail.sent(NOW)
    move(session, event_id, opening)
    said += mail.sent(NOW + HOUR)
    scheduling.cancel(session, event_id, actor=NOBODY, now=NOW + 2 * HOUR)
    session.commit()
    said += mail.sent(NOW + 2 * HOUR)
    scheduling.reinstate(session, event_id, actor=NOBODY, now=NOW + 3 * HOUR)
    session.commit()
    said += mail.sent(NOW + 3 * HOUR)
    scheduling.postpone(session, event_id, None, actor=NOBODY, now=NOW + 4 * HOUR)
    session.commit()
    said += mail.sent(NOW + 4 * HOUR)
    cancel_registration(session, row.id, now=NOW + 5 * HOUR)
    session.commit()
    said += mail.sent(NOW + 5 * HOUR)
    seen = [checked(octets(part), to=ANNA) for message in said if (part := calendar_part(message))]
    assert [method for method, _ in seen] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST", "CANCEL", "CANCEL"]
    assert len({str(entry["UID"]) for _, entry in seen}) == 1
    assert len({str(entry["ORGANIZER"]) for _, entry in seen}) == 1
    numbers = [int(entry["SEQUENCE"]) for _, entry in seen]
    assert numbers == sorted(set(numbers))
    kept = [(entry["SUMMARY"], entry["DTSTART"].dt) for _, entry in seen[1:]]
    assert len(set(kept)) == 1


def test_a_place_that_nobody_kept_is_taken_out_again(
    mail: Post, session: Session, opening: Opening, enter: Enter
) -> None:
    enter(opening, ANNA)
    (first,) = mail.sent(NOW)
    assert "keep your place on its page first; Decline gives it back" in words(first)
    lapse_unproved_holds(session, NOW + 30 * DAY)
    session.commit()
    (last,) = mail.sent(NOW + 30 * DAY)
    part = calendar_part(last)
    assert part is not None
    assert checked(octets(part), to=ANNA)[0] == "CANCEL"
    assert "takes the entry out of your calendar" in words(last)


def test_a_place_at_what_has_no_date_yet_takes_nothing_out(
    mail: Post, session: Session, opening: Opening, enter: Enter
) -> None:
    enter(opening, ANNA)
    scheduling.postpone(session, opening.events[0].id, None, actor=NOBODY, now=NOW + HOUR)
    session.commit()
    first, second = mail.sent(NOW + HOUR)
    assert "You have a place at" in words(first)
    assert [brought(message)[0] for message in (first, second)] == ["", "CANCEL"]


def test_changes_that_overtake_one_another_are_one_invitation(
    mail: Post, session: Session, opening: Opening, enter: Enter
) -> None:
    enter(opening, ANNA)
    mail.sent(NOW)
    for number in (1, 2, 3):
        move(session, opening.events[0].id, opening, after=number * HOUR)
    (message,) = mail.sent(NOW + 4 * HOUR)
    part = calendar_part(message)
    assert part is not None
    assert checked(octets(part), to=ANNA)[1]["SEQUENCE"] == 3


def test_several_dates_are_one_file_and_a_change_of_one_is_an_invitation(
    mail: Post, session: Session, people: Cast, enter: Enter
) -> None:
    events = [things.event(session, lead=people.oxford, starts_at=things.SOON + week * 7 * DAY) for week in range(3)]
    opening = things.opening(session, events=events)
    session.commit()
    enter(opening, ANNA)
    (message,) = mail.sent(NOW)
    method, uids = brought(message)
    assert (method, len(uids), calendar_part(message)) == ("PUBLISH", 3, None)
    move(session, events[1].id, opening)
    (message,) = mail.sent(NOW + HOUR)
    assert brought(message) == ("REQUEST", [uids[1]])


def test_nobody_is_invited_by_themselves(mail: Post, opening: Opening, enter: Enter) -> None:
    enter(opening, OURS.replace("programme@", "Programme@"))
    (message,) = mail.sent(NOW)
    assert (brought(message)[0], calendar_part(message)) == ("PUBLISH", None)


def test_whoever_has_another_place_at_the_event_keeps_its_entry(
    mail: Post, session: Session, opening: Opening, enter: Enter
) -> None:
    other = things.opening(session, events=list(opening.events))
    session.commit()
    first = enter(opening, ANNA).registration
    enter(other, ANNA)
    mail.sent(NOW)
    cancel_registration(session, first.id, now=NOW + HOUR)
    session.commit()
    (message,) = mail.sent(NOW + HOUR)
    assert brought(message) == ("", [])
    assert "calendar" not in words(message)


def test_a_group_is_one_letter_to_whoever_registered(mail: Post, session: Session, people: Cast, enter: Enter) -> None:
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], most_together=3)
    session.commit()
    row = enter(opening, people.alice.address, actor=actor_for(people.alice)).registration
    come_along(session, row.id, "Bert Beside", now=NOW)
    session.commit()
    (message,) = mail.sent(NOW)
    part = calendar_part(message)
    assert part is not None
    assert checked(octets(part), to=people.alice.address)[0] == "REQUEST"
    assert b"Bert" not in octets(part)


class TestWishes:
    """How somebody wants their calendar told."""

    def test_whoever_wants_files_gets_files(
        self, mail: Post, session: Session, people: Cast, opening: Opening, enter: Enter
    ) -> None:
        choose(session, people.alice.id, replace(AS_USUAL, calendar_by=CalendarBy.FILE), now=NOW)
        enter(opening, people.alice.address, actor=actor_for(people.alice))
        assert [brought(message)[0] for message in mail.sent(NOW)] == ["PUBLISH"]

    @pytest.mark.parametrize("purpose", [FeedPurpose.PLACES, FeedPurpose.SEEN])
    def test_whoever_subscribed_gets_a_sentence_instead(
        self, mail: Post, session: Session, people: Cast, opening: Opening, enter: Enter, purpose: FeedPurpose
    ) -> None:
        make_address(session, people.alice.id, purpose=purpose, now=NOW)
        mark_used(session, session.scalars(select(PersonalFeed.id)).one(), now=NOW)
        enter(opening, people.alice.address, actor=actor_for(people.alice))
        (message,) = mail.sent(NOW)
        assert brought(message) == ("", [])
        assert "The calendar that you subscribed to shows it by itself" in words(message)
        revoke(session, people.alice.id, purpose=purpose, now=NOW)
        move(session, opening.events[0].id, opening)
        assert [brought(one)[0] for one in mail.sent(NOW + HOUR)] == ["REQUEST"]

    def test_an_address_that_no_calendar_asked_for_changes_nothing(
        self, mail: Post, session: Session, people: Cast, opening: Opening, enter: Enter
    ) -> None:
        make_address(session, people.alice.id, purpose=FeedPurpose.PLACES, now=NOW)
        enter(opening, people.alice.address, actor=actor_for(people.alice))
        assert [brought(message)[0] for message in mail.sent(NOW)] == ["REQUEST"]

    def test_a_calendar_of_ones_groups_holds_not_every_place_so_letters_bring_them(
        self, mail: Post, session: Session, people: Cast, opening: Opening, enter: Enter
    ) -> None:
        make_address(session, people.alice.id, purpose=FeedPurpose.GROUPS, now=NOW)
        mark_used(session, session.scalars(select(PersonalFeed.id)).one(), now=NOW)
        enter(opening, people.alice.address, actor=actor_for(people.alice))
        assert [brought(message)[0] for message in mail.sent(NOW)] == ["REQUEST"]

    def test_what_was_invited_before_is_changed_by_letters_still(
        self, mail: Post, session: Session, people: Cast, opening: Opening, enter: Enter
    ) -> None:
        enter(opening, people.alice.address, actor=actor_for(people.alice))
        mail.sent(NOW)
        for hours in (1, 2):  # the second takes the place of the first
            make_address(session, people.alice.id, purpose=FeedPurpose.PLACES, now=NOW + hours * HOUR)
        mark_used(session, session.scalars(select(PersonalFeed.id).order_by(PersonalFeed.id.desc())).all()[0], now=NOW)
        move(session, opening.events[0].id, opening, after=3 * HOUR)
        assert [brought(one)[0] for one in mail.sent(NOW + 3 * HOUR)] == ["REQUEST"]
