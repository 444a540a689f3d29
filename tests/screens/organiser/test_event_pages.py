"""Organisers' pages of events: what they show, what they keep, what they refuse."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event, Venue
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from tests.bed.databases import statements
from tests.factories.cast import Cast
from tests.factories.things import SOON, event, opening, registration, series

GOOD = {
    "title": "Surfaces that clean themselves",
    "strand": "exchange",
    "visibility": "public",
    "audience": "everyone",
    "starts-date": "2027-02-16",
    "starts-time": "14:00",
    "ends-time": "15:30",
    "people": "Dr Wren Quillan | Oxford\nTea Larkfield | Liverpool | Chair",
    "venue": "",
    "series": "",
}


def typed(cast: Cast, **others: str) -> dict[str, str]:
    """A good form, but for some fields."""
    return {**GOOD, "lead": str(cast.liverpool.id), **others}


def fresh(session: Session, row: Event | Venue) -> None:
    """Read a row again, in a transaction that sees what the page wrote."""
    session.rollback()
    session.refresh(row)


def test_event_is_made_as_a_draft(olga: FlaskClient, session: Session, cast: Cast) -> None:
    answer = olga.post("/organise/events", data=typed(cast), follow_redirects=True)
    assert "is a draft now" in answer.get_data(as_text=True)
    made = session.scalars(select(Event)).one()
    assert (made.state, made.starts_at, made.version) == (EventState.DRAFT, SOON, 1)
    assert [(who.name, who.affiliation, who.role) for who in made.contributions] == [
        ("Dr Wren Quillan", "Oxford", "speaker"),
        ("Tea Larkfield", "Liverpool", "chair"),
    ]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("title", "", "Enter a title"),
        ("title", "x" * 600, "Keep this to 500"),
        ("title", "a\0b", "cannot keep"),
        ("strand", "nonsense", "Choose one"),
        ("venue", "99999", "Choose one"),
        ("venue", "9" * 30, "Choose one"),
        ("lead", "x", "Choose one"),
        ("starts-date", "2027-03-28", ""),
        ("ends-time", "13:00", "The end must be later than the start"),
        ("ends-date", "2029-01-01", "a year at most"),
        ("people", "| Oxford | Chair", "Line 1 has no name"),
        ("shop_url", "javascript:alert(1)", "Enter a web address"),
        ("online_link", "not a link", "Enter a web address"),
        ("room_capacity", "twelve", "whole number"),
        ("room_capacity", "-1", "whole number from 1"),
        ("contact_address", "olga", "Enter an e-mail address"),
        ("part_of", "the day", "Choose one"),
        ("part_of", "777", "Choose one"),
        ("focus", "alchemy", "Choose only"),
    ],
)
def test_wrong_values_get_a_sentence_and_keep_all_that_was_typed(
    olga: FlaskClient, session: Session, cast: Cast, field: str, text: str, says: str
) -> None:
    sent = typed(cast, **{field: text, "description": "Words I do not want to lose."})
    if field == "starts-date":
        sent["starts-time"], says = "01:30", "does not exist"
    answer = olga.post("/organise/events", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert says in page
    assert "Words I do not want to lose." in page
    assert session.scalars(select(Event)).all() == []


@pytest.mark.one_database
def test_time_that_exists_twice_is_asked_and_answered(olga: FlaskClient, session: Session, cast: Cast) -> None:
    sent = typed(cast, **{"starts-date": "2027-10-31", "starts-time": "01:30", "ends-time": "05:00"})
    page = olga.post("/organise/events", data=sent).get_data(as_text=True)
    assert "The second, after the clocks go back (GMT)" in page
    olga.post("/organise/events", data={**sent, "starts-which": "1"})
    made = session.scalars(select(Event)).one()
    assert made.starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


@pytest.mark.one_database
def test_whole_day_ends_at_the_midnight_after(olga: FlaskClient, session: Session, cast: Cast) -> None:
    sent = typed(cast, **{"all_day": "y", "starts-time": "", "ends-time": "", "ends-date": "2027-02-17"})
    olga.post("/organise/events", data=sent)
    made = session.scalars(select(Event)).one()
    assert (made.all_day, (made.ends_at - made.starts_at).days) == (True, 2)


@pytest.mark.one_database
def test_event_that_changed_meanwhile_is_not_overwritten(olga: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    session.commit()
    olga.post(f"/organise/events/{row.id}/details", data={**typed(cast), "version": "1"})
    again = olga.post(f"/organise/events/{row.id}/details", data={**typed(cast, title="Mine"), "version": "1"})
    page = again.get_data(as_text=True)
    assert again.status_code == 422
    assert "changed while you were editing" in page
    assert 'value="Mine"' in page
    assert 'name="version" type="hidden" value="2"' in page


def test_move_is_previewed_with_its_reach_then_done(olga: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    registration(session, to=opening(session, events=[row]), who=cast.alice)
    session.commit()
    plan = {"starts-date": "2027-05-03", "starts-time": "10:00", "ends-time": "11:00", "venue": "", "version": "1"}
    page = olga.post(f"/organise/events/{row.id}/move/preview", data=plan).get_data(as_text=True)
    assert "Tuesday 16 February 2027, 14:00 to 15:00 GMT" in page
    assert "Monday 3 May 2027, 10:00 to 11:00 BST" in page
    assert "Monday of 2nd week, Trinity 2027" in page
    assert "Early May bank holiday." in page
    assert "Move it and tell 1 person" in page
    fresh(session, row)
    assert row.starts_at == SOON
    done = olga.post(f"/organise/events/{row.id}/move", data=plan, follow_redirects=True)
    assert "1 person will get an e-mail." in done.get_data(as_text=True)
    fresh(session, row)
    assert (row.sequence, row.starts_at.hour) == (1, 9)
    assert len(session.scalars(select(OutboxMessage)).all()) == 1


@pytest.mark.one_database
def test_move_pressed_twice_happens_once(olga: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool)
    session.commit()
    plan = {"starts-date": "2027-05-04", "starts-time": "10:00", "ends-time": "11:00", "venue": "", "version": "1"}
    answers = [olga.post(f"/organise/events/{row.id}/move", data=plan).status_code for _ in range(2)]
    fresh(session, row)
    assert (answers, row.sequence) == ([303, 422], 1)


@pytest.mark.one_database
def test_life_of_an_event_by_its_buttons(olga: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool, state=EventState.DRAFT, published_at=None)
    session.commit()
    states = []
    for noun, data in (
        ("publication", {}),
        ("withdrawal", {}),
        ("publication", {}),
        ("postponement", {}),
        ("reinstatement", {"has_date": "y", "starts-date": "2027-03-02", "starts-time": "9:00", "ends-time": "10:00"}),
        ("cancellation", {"reason": "Nobody can come."}),
    ):
        sent = {**data, "version": str(row.version)}
        assert olga.post(f"/organise/events/{row.id}/{noun}", data=sent).status_code == 303
        fresh(session, row)
        states.append(row.state.value)
    assert states == ["published", "draft", "published", "postponed", "published", "cancelled"]
    page = olga.get(f"/organise/events/{row.id}").get_data(as_text=True)
    assert "Nobody can come." in page
    assert "<b>Olga Oakhurst</b> cancelled this event" in page


@pytest.mark.one_database
@pytest.mark.parametrize("version", [None, "", "0", "nonsense"])
def test_change_that_does_not_say_what_it_was_made_from_is_shown_again(
    olga: FlaskClient, session: Session, cast: Cast, version: str | None
) -> None:
    row = event(session, lead=cast.liverpool)
    session.commit()
    sent = {"reason": "By a script.", **({} if version is None else {"version": version})}
    answer = olga.post(f"/organise/events/{row.id}/cancellation", data=sent)
    assert answer.status_code == 422
    assert "By a script." in answer.get_data(as_text=True)
    fresh(session, row)
    assert row.state is EventState.PUBLISHED


@pytest.mark.one_database
def test_reinstating_what_has_no_date_asks_for_one(olga: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.liverpool, state=EventState.POSTPONED, date_is_known=False)
    session.commit()
    for noun in ("reinstatement/preview", "reinstatement"):
        answer = olga.post(f"/organise/events/{row.id}/{noun}", data={"reason": "At last.", "version": row.version})
        assert answer.status_code == 422
        assert "Say when it takes place" in answer.get_data(as_text=True)
        assert "At last." in answer.get_data(as_text=True)


@pytest.mark.one_database
def test_list_finds_by_speaker_and_series(olga: FlaskClient, session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.liverpool, title="Heritage hour")
    event(session, lead=cast.liverpool, title="Paper", series_id=run.id)
    event(session, lead=cast.liverpool, title="Stone")
    session.commit()
    page = olga.get("/organise/events?q=heritage&sort=-title&state=published").get_data(as_text=True)
    assert "Paper" in page
    assert "Stone" not in page
    assert olga.get("/organise/events?q=%25&page=9999999&colour=x").status_code == 200
    odd = olga.get("/organise/events?sort=x&state=x&when=x&strand=x")
    assert odd.status_code == 400
    assert "We could not read the state, strand, time and order in this address" in odd.get_data(as_text=True)


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/organise", "/organise/events", "/organise/series", "/organise/venues"])
def test_number_of_queries_does_not_grow(
    app: Flask, olga: FlaskClient, session: Session, cast: Cast, path: str
) -> None:
    def grow(number: int) -> int:
        for index in range(number):
            run = series(session, lead=cast.liverpool, title=f"Run {index}")
            row = event(session, lead=cast.liverpool, title=f"Talk {index}", series_id=run.id, co_owners=[cast.oxford])
            registration(session, to=opening(session, events=[row]), who=cast.alice)
        session.commit()
        with statements(app) as seen:
            assert olga.get(path).status_code == 200
        return len(seen)

    assert grow(1) == grow(29)
