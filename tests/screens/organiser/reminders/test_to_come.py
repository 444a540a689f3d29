"""Letters to come, and what is usual: an agenda of what one organises, and the administrators' choice."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.states import EventState
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.ports import Purpose
from programme.engines.mail.states import BroadcastState
from programme.engines.mail.written.models import Broadcast
from programme.engines.reminders.actions import ensure_default_rule
from programme.engines.reminders.models import ReminderRule, UsualRule, UsualSilence
from programme.engines.reminders.queries import every_usual_rule
from programme.people.models import Role
from programme.people.states import Strand
from tests.bed.clock import START
from tests.bed.databases import statements
from tests.factories.cast import LONG_AGO, Cast, cookie_for, grant
from tests.factories.things import SOON, event, opening, registration

HERE, USUAL = "/organise/mail/to-come", "/organise/reminders"
PLAIN = {"kind": "event", "strand": "", "amount": "3", "unit": "days", "side": "before:start", "audience": "confirmed"}


def text(client: FlaskClient, path: str) -> str:
    """A page that must be there."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def add_talk(session: Session, cast: Cast, **given: object) -> None:
    """A talk with Alice in it and the usual reminder."""
    talk = event(session, **{"lead": cast.liverpool, **given})  # type: ignore[arg-type]
    registration(session, to=opening(session, events=[talk]), who=cast.alice)
    ensure_default_rule(session, talk.id, LONG_AGO)
    session.commit()


def test_reminders_stand_under_their_day(olga: FlaskClient, session: Session, cast: Cast) -> None:
    assert "Nothing is to come" in text(olga, HERE)
    add_talk(session, cast)
    add_talk(session, cast, title="Far away", starts_at=START + timedelta(days=75))
    add_talk(session, cast, title="Long over", starts_at=START - timedelta(days=75))
    page = text(olga, HERE)
    for words in ("Quantum sensing for chemists", "14:00 GMT, 1 day before the start, to everybody with a place"):
        assert words in page
    assert "1 letter" in page
    assert "Monday" in page
    assert "Far away" not in page
    assert "Long over" not in page


def test_what_organisers_wrote_and_what_waits_stands_there_too(olga: FlaskClient, session: Session, cast: Cast) -> None:
    waits = Post(
        letter="event_cancelled",
        key="trial",
        recipient=Recipient("a@example.org"),
        subject=("event", 1),
        organisation_id=cast.liverpool.id,
        strand=Strand.EXCHANGE,
    )
    post(session, waits, now=START)
    for state, subject in ((BroadcastState.SCHEDULED, "Bring a pen"), (BroadcastState.CANCELLED, "Never mind")):
        session.add(
            Broadcast(
                organisation_id=cast.liverpool.id,
                purpose=Purpose.SERVICE,
                state=state,
                subject_line=subject,
                text="…",
                counted=12,
                send_at=START + timedelta(days=3),
                created_at=START,
                changed_at=START,
            )
        )
    session.commit()
    page = text(olga, HERE)
    for words in ("An event is cancelled", "in the outbox", "Bring a pen", "12 letters"):
        assert words in page
    assert "Never mind" not in page


def test_other_university_and_helpers_see_nothing(client: FlaskClient, session: Session, cast: Cast) -> None:
    add_talk(session, cast)
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    assert "Nothing is to come" in text(client, HERE)
    grant(session, cast.charlie, Role.HELPER, organisation=cast.liverpool, subject=("event", 1))
    client.set_cookie("programme_session", cookie_for(session, cast.charlie))
    assert "Nothing is to come" in text(client, HERE)
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    assert client.get(HERE).status_code == 403


def test_page_asks_no_more_for_many(app: Flask, olga: FlaskClient, session: Session, cast: Cast) -> None:
    add_talk(session, cast)
    few = count(app, olga)
    for number in range(60):
        add_talk(session, cast, title=f"Talk {number}", starts_at=SOON + timedelta(hours=number))
    assert count(app, olga) == few
    assert "1 to 40 of 61" in text(olga, HERE)
    assert "41 to 61" in text(olga, f"{HERE}?page=2")


def count(app: Flask, client: FlaskClient) -> int:
    """How many statements the page costs."""
    with statements(app) as seen:
        text(client, HERE)
    return len(seen)


@pytest.fixture
def ada(client: FlaskClient, session: Session, cast: Cast) -> FlaskClient:
    """Ada, who administers."""
    client.set_cookie("programme_session", cookie_for(session, cast.ada))
    return client


def test_administrator_chooses_what_is_usual(ada: FlaskClient, session: Session) -> None:
    assert "1 day before the start, to everybody with a place" in text(ada, USUAL)
    assert ada.post(USUAL, data=PLAIN).status_code == 303
    assert ada.post(USUAL, data={**PLAIN, "strand": "exchange", "audience": "speakers"}).status_code == 303
    page = text(ada, USUAL)
    assert "3 days before the start, to everybody with a place" in page
    assert "Knowledge exchange" in page
    [everywhere, exchange] = every_usual_rule(session)
    assert (everywhere.strand, exchange.strand) == (None, Strand.EXCHANGE)
    assert ada.post(f"{USUAL}/{exchange.id}/removal").status_code == 303
    session.rollback()
    assert len(every_usual_rule(session)) == 1


def test_nonsense_is_refused_and_kept(ada: FlaskClient, session: Session) -> None:
    for wrong in (
        {"side": "before:closing"},
        {"audience": "present"},
        {"amount": "-1"},
        {"strand": "x"},
        {"kind": "x"},
    ):
        assert ada.post(USUAL, data={**PLAIN, **wrong}).status_code == 422, wrong
    assert every_usual_rule(session) == []


def test_organisers_read_what_is_usual_and_do_not_change_it(olga: FlaskClient, session: Session) -> None:
    session.add(UsualRule(subject_kind="event", letter="event_reminder", created_at=LONG_AGO))
    session.commit()
    page = text(olga, USUAL)
    assert "1 day before the start" in page
    assert "Make it usual" not in page
    assert olga.post(USUAL, data=PLAIN).status_code == 403
    assert olga.post(f"{USUAL}/1/removal").status_code == 403


def test_opening_gets_what_is_usual_for_registrations(
    ada: FlaskClient, client: FlaskClient, session: Session, cast: Cast
) -> None:
    closing = {**PLAIN, "kind": "opening", "side": "before:closing", "audience": "organisers"}
    assert ada.post(USUAL, data=closing).status_code == 303
    made = opening(session, events=[event(session, lead=cast.liverpool)])
    made.state = made.state.DRAFT
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    assert client.post(f"/organise/openings/{made.id}/publication").status_code == 303
    session.rollback()
    [rule] = session.query(ReminderRule).filter_by(subject_kind="opening").all()
    assert (rule.subject_id, rule.letter) == (made.id, "opening_briefing")


def test_administrator_lets_nothing_be_usual_and_takes_it_back(ada: FlaskClient, session: Session) -> None:
    chosen = {"none-kind": "event", "none-strand": "exchange"}
    assert "reminds nobody" in text(ada, USUAL)
    assert ada.post(f"{USUAL}/silences", data=chosen).status_code == 303
    page = text(ada, USUAL)
    assert "Events: no reminder" in page
    assert "Nothing is usual here" in page
    [row] = session.scalars(select(UsualSilence))
    assert (row.subject_kind, row.strand) == ("event", Strand.EXCHANGE)
    assert "already" in ada.post(f"{USUAL}/silences", data=chosen, follow_redirects=True).get_data(as_text=True)
    for wrong in ({**chosen, "none-kind": "x"}, {**chosen, "none-strand": "x"}, {}):
        assert "Choose what" in ada.post(f"{USUAL}/silences", data=wrong, follow_redirects=True).get_data(as_text=True)
    assert ada.post(f"{USUAL}/silences/{row.id}/removal").status_code == 303
    assert "Events: no reminder" not in text(ada, USUAL)
    assert ada.post(f"{USUAL}/silences/{row.id}/removal").status_code == 404


def test_organisers_do_not_choose_silence(olga: FlaskClient) -> None:
    assert olga.post(f"{USUAL}/silences", data={"none-kind": "event", "none-strand": ""}).status_code == 403
    assert olga.post(f"{USUAL}/silences/1/removal").status_code == 403


def test_event_announced_where_nothing_is_usual_reminds_nobody(olga: FlaskClient, session: Session, cast: Cast) -> None:
    session.add(UsualSilence(subject_kind="event", strand=Strand.EXCHANGE, created_at=LONG_AGO))
    draft = event(session, lead=cast.liverpool, state=EventState.DRAFT, published_at=None)
    session.commit()
    assert "Nothing is usual in its strand" in text(olga, f"/organise/events/{draft.id}/reminders")
    assert olga.post(f"/organise/events/{draft.id}/publication").status_code == 303
    assert session.query(ReminderRule).count() == 0
