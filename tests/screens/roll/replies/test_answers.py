"""What calendars answered stands on the roll and on the page of the place; what is odd waits in the tray of its own."""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.replies.reading import Answer
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.replies.actions import keep_answer
from programme.engines.registration.replies.models import OddReply
from programme.engines.registration.replies.states import TrayState
from programme.engines.registration.states import SeatState
from programme.flows.replying.acting import give_place_back
from programme.screens.roll.heading import moment_of
from tests.factories import things
from tests.factories.cast import LONG_AGO
from tests.screens.roll.conftest import As, Evening, fresh, letters, text_of
from tests.screens.roll.test_roll import queries_of

TRAY = "/organise/mail/answers"


@pytest.fixture
def odd(session: Session, evening: Evening) -> OddReply:
    """Alice's calendar declines, and nothing shows that it is hers."""
    return put(session, evening.alice, said="declined", answer=Answer.DECLINED)


def put(session: Session, row: Registration | None, **given: object) -> OddReply:
    """A reply waits in the tray."""
    event_id = row.opening.events[0].id if row else None
    made = OddReply(
        **{
            "registration_id": row.id if row else None,
            "event_id": event_id,
            "uid": "event-1@programme.example.ac.uk",
            "method": "REPLY",
            "sender": "somebody@example.org",
            "subject_line": "Declined: <b>the talk</b>",
            "words": "I am away & sorry",
            "why": "Nothing shows that this comes from them.",
            "answered_at": LONG_AGO,
            "came_at": LONG_AGO,
            **given,
        }
    )
    session.add(made)
    session.commit()
    return made


def words_of(page: object) -> str:
    """What stands on a page, without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", text_of(page)).split())


def answer(session: Session, row: Registration, answer: Answer, *, ended_place: bool = False) -> None:
    """Somebody's calendar answers."""
    keep_answer(session, row.seats[0].id, answer, stamp=LONG_AGO, now=LONG_AGO, ended_place=ended_place)
    session.commit()


def test_the_file_of_a_roll_has_what_calendars_answered_and_when(
    session: Session, evening: Evening, olga: FlaskClient
) -> None:
    answer(session, evening.alice, Answer.TENTATIVE)
    sent = olga.post(f"{evening.home}/export", data={"format": "csv", "reach": "all"})
    lines = {line["Name"]: line for line in csv.DictReader(io.StringIO(sent.get_data().decode("utf-8-sig")))}
    told = {name: (line["Calendar’s answer"], line["Answered"]) for name, line in lines.items()}
    assert told.pop("Alice Aldgrove") == ("Tentative", moment_of(LONG_AGO))
    assert set(told.values()) == {("", "")}


@pytest.mark.one_database
def test_the_file_tells_answers_event_by_event_where_there_are_several(
    session: Session, evening: Evening, olga: FlaskClient
) -> None:
    other = things.event(session, lead=evening.people.liverpool, title="Second evening")
    evening.alice.opening.events.append(other)
    evening.alice.seats.append(Seat(event_id=other.id, state=SeatState.HELD, changed_at=LONG_AGO))
    answer(session, evening.alice, Answer.ACCEPTED)
    first = evening.alice.seats[0].event.title
    sent = olga.post(f"{evening.home}/export", data={"format": "csv", "reach": "all"}).get_data(as_text=True)
    assert f"{first}: Accepted,{first}: {moment_of(LONG_AGO)}".replace(",", "|") in sent.replace('"', "").replace(
        ",", "|"
    )


def test_the_roll_shows_answers_by_word_and_filters_by_them(
    session: Session, evening: Evening, olga: FlaskClient
) -> None:
    answer(session, evening.alice, Answer.TENTATIVE)
    page = words_of(olga.get(evening.home))
    assert "Calendar: Tentative" in page
    only = text_of(olga.get(f"{evening.home}?reply=tentative"))
    assert ("Alice Aldgrove" in only, "Bob Birchfield" in only) == (True, False)
    silent = text_of(olga.get(f"{evening.home}?reply=none"))
    assert ("Alice Aldgrove" in silent, "Bob Birchfield" in silent) == (False, True)
    assert "Nobody fits" in text_of(olga.get(f"{evening.home}?reply=declined"))
    assert "Tentative" in text_of(olga.get(f"/organise/registrations/{evening.alice.id}"))


def test_ones_own_page_shows_the_answer_and_takes_the_place_back(
    session: Session, evening: Evening, app: Flask, client: FlaskClient
) -> None:
    page = app.extensions["links"].path(evening.alice)
    answer(session, evening.alice, Answer.ACCEPTED)
    assert "Your calendar answered: Accepted" in words_of(client.get(page))
    now = evening.opening.events[0].starts_at - timedelta(days=1)
    give_place_back(session, evening.bob.id, now=now)
    session.commit()
    answer_at(session, evening.bob, now)
    theirs = app.extensions["links"].path(evening.bob)
    shown = text_of(client.get(theirs))
    assert "Your calendar answered our invitation with “no”" in shown
    assert "Take my place back" in shown
    assert "Given back" in shown
    assert re.search(r"Take it back by \w+ \d+ \w+, \d\d:\d\d GMT", shown), "seven days are a date, too"
    assert "Register again" not in shown
    back = text_of(client.post(f"{theirs}/return", follow_redirects=True))
    assert "You are first on the waiting list." in back
    assert "You had taken this back before." in text_of(client.post(f"{theirs}/return", follow_redirects=True))
    cancelled = page_of_cancelled(app, session, evening)
    never = text_of(client.post(f"{cancelled}/return", follow_redirects=True))
    assert "not given back by your calendar" in never


def answer_at(session: Session, row: Registration, now: object) -> None:
    """Somebody's calendar declined then, and gave the place back."""
    keep_answer(session, row.seats[0].id, Answer.DECLINED, stamp=LONG_AGO, now=now, ended_place=True)  # type: ignore[arg-type]
    session.commit()


def page_of_cancelled(app: Flask, session: Session, evening: Evening) -> str:
    """The page of a place that its person cancelled in the browser."""
    page: str = app.extensions["links"].path(evening.alice)
    app.test_client().post(f"{page}/cancellation")
    session.expire_all()
    return page


def test_the_tray_says_whose_answer_it_is_and_why_it_waits(
    session: Session, evening: Evening, olga: FlaskClient, odd: OddReply
) -> None:
    assert "1 answer of calendars to look at" in text_of(olga.get("/organise"))
    page = olga.get(TRAY)
    for words in ("Alice Aldgrove", "Declined", odd.why, "I am away & sorry", "Give the place back", "Put aside"):
        assert words in text_of(page), words
    assert "<b>the talk" not in page.text


def test_an_answer_is_let_count_by_one_press_and_put_aside_by_another(
    session: Session, evening: Evening, olga: FlaskClient, odd: OddReply
) -> None:
    counter = put(session, evening.bob, method="COUNTER", said="tentative")
    assert "no answer that a roll can show" in press(olga, counter, "application")
    assert "The answer counts now" in press(olga, odd, "application")
    assert fresh(session, evening.alice).state.value == "cancelled"
    assert "place_given_back" in [kind for kind, _ in letters(session)]
    assert "put aside" in press(olga, counter, "dismissal")
    assert "already" in press(olga, odd, "application")
    assert "already" in press(olga, counter, "dismissal")
    assert "No answer waits for you" in text_of(olga.get(TRAY))
    assert "Alice Aldgrove" in text_of(olga.get(f"{TRAY}?state=applied"))


def press(who: FlaskClient, reply: OddReply, verb: str) -> str:
    """What the tray says after a press."""
    return text_of(who.post(f"{TRAY}/{reply.id}/{verb}", follow_redirects=True))


def test_a_strangers_address_cannot_add_readers_to_what_organisers_write_back(
    session: Session, evening: Evening, olga: FlaskClient
) -> None:
    event_id = evening.alice.opening.events[0].id
    put(session, None, event_id=event_id, sender="eve@example.org?bcc=mallory@example.org")
    page = olga.get(TRAY).text
    assert 'href="mailto:eve%40example.org%3Fbcc%3Dmallory%40example.org"' in page


def test_the_tray_is_of_those_who_see_the_people_there(
    session: Session, evening: Evening, signed_in: As, odd: OddReply
) -> None:
    nobodys = put(session, None, subject_line="Lunch", sender="lunch@example.org")
    sees = {
        "olga": (evening.people.olga, {odd.id}),
        "omar": (evening.people.omar, {odd.id}),
        "ada": (evening.people.ada, {nobodys.id}),
        "stranger": (evening.stranger, set()),
        "helper": (evening.helper, set()),
    }
    for name, (person, own) in sees.items():
        client = signed_in(person)
        shown = {int(found) for found in re.findall(rf"{TRAY}/(\d+)/dismissal", client.get(TRAY).text)}
        assert shown == own, name
        for reply in (odd, nobodys):
            if reply.id not in own:
                assert client.post(f"{TRAY}/{reply.id}/dismissal").status_code == 404, name
                assert client.post(f"{TRAY}/{reply.id}/application").status_code == 404, name
    assert signed_in(evening.partner).get(TRAY).status_code == 403
    assert signed_in(None).get(TRAY).status_code == 303
    assert set(session.scalars(select(OddReply.state))) == {TrayState.WAITING}


@pytest.mark.one_database
def test_the_tray_and_the_roll_ask_no_more_of_the_database_for_more_answers(
    session: Session, evening: Evening, olga: FlaskClient, odd: OddReply
) -> None:
    few = [queries_of(session, olga, address) for address in (TRAY, evening.home)]
    for row in (evening.alice, evening.bob, evening.charlie):
        answer(session, row, Answer.ACCEPTED)
    for number in range(60):
        put(session, evening.alice, said="declined", answer=Answer.DECLINED, uid=f"event-{number}@x")
    assert [queries_of(session, olga, address) for address in (TRAY, evening.home)] == few
    page = text_of(olga.get(TRAY))
    assert "61" in page
    assert page.count("Nothing shows that this comes from them.") < 61
