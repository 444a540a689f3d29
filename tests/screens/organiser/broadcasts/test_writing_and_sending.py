"""A letter to many from the first word to its report: written, looked at, counted, sent, read about."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.addresses.models import Cause, Suppression
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Purpose
from programme.engines.mail.states import BroadcastState, OutboxState, Scope
from programme.engines.mail.written.models import Broadcast
from programme.engines.registration.models import RegistrationTag
from programme.scheduler import run_due
from tests.bed.clock import START, Clock
from tests.factories import things
from tests.factories.cast import LONG_AGO
from tests.factories.stories import many
from tests.flows.broadcasting.conftest import Evening
from tests.screens.organiser.broadcasts.conftest import letter, text_of

ALL = "/organise/broadcasts"


def only(session: Session) -> Broadcast:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Broadcast)).one()


def test_letter_is_written_looked_at_sent_and_reported(
    app: Flask, evening: Evening, olga: FlaskClient, session: Session
) -> None:
    assert "To whom" in text_of(olga.get(f"{ALL}/new?opening={evening.opening.id}"))
    made = olga.post(ALL, data=letter(evening))
    page = text_of(olga.get(made.location))
    for words in (
        "As Alice Aldgrove gets it",
        "To 2 people",
        "Registered for “Quantum sensing for chemists”: confirmed or offered",
        "Bob Birchfield",
        "Dear Alice Aldgrove",
    ):
        assert words in page
    assert session.scalars(select(OutboxMessage)).all() == []
    framed = olga.get(f"{made.location}/html?person={evening.cast.bob.id}")
    assert "Dear Bob Birchfield" in framed.text
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    sent = olga.post(f"{made.location}/sending", data={"version": "1", "count": "2", "when": "now"})
    assert sent.status_code == 303
    assert "On its way to 2 people." in text_of(olga.get(made.location))
    run_due(app, START)
    report = text_of(olga.get(made.location))
    assert "2</b> sent" in report
    assert "bob@oxford.example.ac.uk" in report
    assert "2" in text_of(olga.get(ALL))


def test_another_number_is_told_with_422_and_counted_again(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    home = olga.post(ALL, data=letter(evening)).location
    for typed, sentence in (("3", "It goes to 2 people, not to 3"), ("", "Enter how many"), ("x", "whole number")):
        answer = olga.post(f"{home}/sending", data={"version": "1", "count": typed, "when": "now"})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    things.registration(session, to=evening.opening, who=evening.cast.ada)
    session.commit()
    assert "It goes to 3 people, not to 2" in text_of(
        olga.post(f"{home}/sending", data={"version": "1", "count": "2", "when": "now"})
    )
    assert olga.post(f"{home}/sending", data={"version": "1", "count": "3", "when": "now"}).status_code == 303


def test_letter_changed_by_a_colleague_meanwhile_is_not_sent(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    home = olga.post(ALL, data=letter(evening)).location
    changed = letter(evening, version="1", subject="What to leave at home")
    assert olga.post(home, data=changed).status_code == 303
    stale = olga.post(f"{home}/sending", data={"version": "1", "count": "2", "when": "now"})
    assert stale.status_code == 422
    assert "changed this letter meanwhile" in text_of(stale)
    late = olga.post(home, data=letter(evening, version="1", subject="Mine"))
    assert late.status_code == 422
    assert "Mine" in text_of(late)
    assert only(session).subject_line == "What to leave at home"


@pytest.mark.parametrize(
    ("day", "time", "sentence"),
    [
        ("2027-01-12", "08:59", "That time has passed"),
        ("", "", "Enter the day and the time"),
        ("2027-03-28", "01:30", "does not exist"),
        ("2027-10-31", "01:30", "exists twice"),
        ("soon", "9", "Enter a day"),
    ],
)
def test_times_that_cannot_be_are_refused(
    evening: Evening, olga: FlaskClient, session: Session, day: str, time: str, sentence: str
) -> None:
    home = olga.post(ALL, data=letter(evening)).location
    typed = {"version": "1", "count": "2", "when": "later", "at-date": day, "at-time": time}
    answer = olga.post(f"{home}/sending", data=typed)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert only(session).state is BroadcastState.DRAFT


def test_letter_waits_for_its_time_and_can_be_changed_or_called_off(
    app: Flask, evening: Evening, olga: FlaskClient, session: Session, clock: Clock
) -> None:
    home = olga.post(ALL, data=letter(evening)).location
    later = {"version": "1", "count": "2", "when": "later", "at-date": "2027-01-13", "at-time": "07:30"}
    assert olga.post(f"{home}/sending", data=later).status_code == 303
    page = text_of(olga.get(home))
    assert "It goes Wednesday 13 January, 07:30 GMT" in page
    assert olga.get(f"{home}/edit").status_code == 303
    assert olga.post(home, data=letter(evening, version="1")).status_code == 422
    assert olga.post(f"{home}/draft").status_code == 303
    assert only(session).state is BroadcastState.DRAFT
    again = {**later, "version": str(only(session).version)}
    assert olga.post(f"{home}/sending", data=again).status_code == 303
    assert "called off" in text_of(olga.post(f"{home}/cancellation", follow_redirects=True))
    run_due(app, START + timedelta(days=2))
    assert session.scalars(select(OutboxMessage)).all() == []


def test_wrong_forms_come_back_with_what_was_typed(evening: Evening, olga: FlaskClient) -> None:
    wrongs: tuple[dict[str, object], ...] = (
        {"subject": ""},
        {"text": " "},
        {"states": []},
        {"about": "opening:999999"},
        {"about": "?"},
        {"purpose": "spam"},
        {"organisation": evening.cast.oxford.id},
        {"organisation": str(2**70)},
        {"text": "a\0b"},
        {"home": "nowhere"},
    )
    for wrong in wrongs:
        answer = olga.post(ALL, data=letter(evening, **{"subject": "Keep these words", **wrong}))
        assert answer.status_code == 422, wrong
        assert "subject" in wrong or "Keep these words" in text_of(answer)
    assert olga.post(ALL, data=letter(evening, kind="?")).status_code == 404


def test_letter_to_nobody_shows_so_and_cannot_be_sent(evening: Evening, olga: FlaskClient) -> None:
    home = olga.post(ALL, data=letter(evening, states=["lapsed"])).location
    page = text_of(olga.get(home))
    assert "It reaches nobody" in page
    assert "Send it" not in page
    answer = olga.post(f"{home}/sending", data={"version": "1", "count": "0", "when": "now"})
    assert answer.status_code == 422
    assert "would go to nobody" in text_of(answer)


def test_tags_and_answers_are_offered_for_the_opening_that_is_chosen(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    session.add(RegistrationTag(registration_id=evening.bob.id, tag="Speaker"))
    session.commit()
    assert "Speaker (1)" in text_of(olga.get(f"{ALL}/new?opening={evening.opening.id}"))
    assert "Speaker (1)" not in text_of(olga.get(f"{ALL}/new"))
    home = olga.post(ALL, data=letter(evening, tag="Speaker")).location
    assert "tagged “Speaker”" in text_of(olga.get(home))
    assert "To 1 person" in text_of(olga.get(home))
    other = olga.post(ALL, data=letter(evening, tag="of another opening")).location
    assert "To 2 people" in text_of(olga.get(other))


def test_news_names_only_those_whom_the_organisers_know(evening: Evening, olga: FlaskClient, session: Session) -> None:
    for who in (evening.cast.alice, evening.cast.omar):
        many.asks_for_news(session, who)
    session.commit()
    given = letter(evening, kind="news", purpose="marketing")
    home = olga.post(ALL, data=given).location
    page = text_of(olga.get(home))
    assert "To 2 people" in page
    assert "Alice Aldgrove" in page
    assert "Omar Otterbrook" not in page
    assert "1 person more whom you do not know" in page
    assert olga.get(f"{home}/html?person={evening.cast.omar.id}").status_code == 404
    olga.post(f"{home}/sending", data={"version": "1", "count": "2", "when": "now"})
    report = text_of(olga.get(home))
    assert "alice@liverpool.example.ac.uk" in report
    assert "omar@oxford.example.ac.uk" not in report
    assert "omar@oxford.example.ac.uk" not in text_of(olga.get("/organise/mail"))


def test_marketing_reaches_those_alone_who_asked(evening: Evening, olga: FlaskClient, session: Session) -> None:
    home = olga.post(ALL, data=letter(evening, purpose="marketing")).location
    assert "None of them asked for news" in text_of(olga.get(home))
    many.asks_for_news(session, evening.cast.bob)
    session.commit()
    page = text_of(olga.get(home))
    assert "To 1 person" in page
    assert "who asked for news" in page


def test_report_tells_what_failed_came_back_or_was_not_wanted(
    app: Flask, evening: Evening, olga: FlaskClient, session: Session
) -> None:
    things.registration(session, to=evening.opening, who=evening.cast.ada)
    row = many.send(session, evening.letter(), by=evening.olga, now=START)
    ada, alice, bob = sorted(session.scalars(select(OutboxMessage)), key=lambda one: one.recipient)
    alice.state, alice.last_error = OutboxState.FAILED, "550 no such mailbox"
    bob.state, bob.bounced_at, bob.bounce_detail = OutboxState.SENT, START, "The mailbox is full."
    ada.state, ada.last_error = OutboxState.SUPPRESSED, "The address asked for no more letters."
    session.commit()
    page = text_of(olga.get(f"{ALL}/{row.id}"))
    for words in ("550 no such mailbox", "The mailbox is full.", "asked for no more letters", "1</b> came back"):
        assert words in page
    assert "alice@" not in text_of(olga.get(f"{ALL}/{row.id}?fate=bounced"))
    assert olga.get(f"{ALL}/{row.id}?fate=%00").status_code in {200, 400}


def test_address_that_gets_no_letters_is_marked_beforehand(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    row = evening.letter()
    gone = Suppression(
        address_hash=address_hash("Bob@oxford.example.ac.uk"),
        scope=Scope.SERVICE,
        cause=Cause.UNSUBSCRIBED,
        since=LONG_AGO,
    )
    session.add(gone)
    session.commit()
    assert text_of(olga.get(f"{ALL}/{row.id}")).count("wants no such letters") == 1
    gone.scope = Scope.MARKETING
    session.commit()
    assert "wants no such letters" not in text_of(olga.get(f"{ALL}/{row.id}"))
    assert row.purpose is Purpose.SERVICE


def test_letters_that_wait_are_taken_back_and_a_copy_begins_anew(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    home = olga.post(ALL, data=letter(evening)).location
    olga.post(f"{home}/sending", data={"version": "1", "count": "2", "when": "now"})
    back = olga.post(f"{home}/cancellation", follow_redirects=True)
    assert "2 letters taken back" in text_of(back)
    copied = olga.post(f"{home}/copies")
    assert copied.location != home
    assert "To 2 people" in text_of(olga.get(copied.location))
    assert (
        olga.post(f"{copied.location}/sending", data={"version": "1", "count": "2", "when": "now"}).status_code == 303
    )
    states = session.scalars(select(OutboxMessage.state)).all()
    assert sorted(states) == ["cancelled", "cancelled", "pending", "pending"]
