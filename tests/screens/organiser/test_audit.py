"""The audit trail on screen: read by those it concerns, in sentences, filtered, before and after in people's words."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.core import audit
from programme.demo import people
from programme.engines.calendar.models import Event
from programme.engines.registration.models import Opening, Registration
from programme.people.affiliations import person_of
from programme.people.models import Person
from tests.bed.databases import statements
from tests.factories import things
from tests.factories.cast import Cast, assemble, cookie_for

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
Browse = Callable[[Person], str]
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture
def cast(session: Session) -> Cast:
    """The cast."""
    return assemble(session)


@pytest.fixture
def talk(session: Session, cast: Cast) -> Event:
    """A talk that Liverpool leads, with acts on each side and one of the programme's own."""
    talk = things.event(session, lead=cast.liverpool, title="Moss and stone")
    other = things.event(session, lead=cast.oxford, title="Stars over Oxford")
    write(session, cast.olga, "published", talk, cast.liverpool.id)
    write(session, cast.omar, "edited", other, cast.oxford.id, before={"room": "A"}, after={"room": "B"})
    write(session, None, "draw", opening_of(session, other), cast.oxford.id, later=timedelta(days=2))
    session.commit()
    return talk


@pytest.fixture
def browse(app: Flask, session: Session) -> Callable[..., str]:
    """Read the trail as somebody: the text of the page, without its markup."""

    def read(who: Person, query: str = "") -> str:
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(session, who))
        return text_of(client.get(f"/organise/audit{query}").text)

    return read


def test_acts_are_told_in_sentences(talk: Event, cast: Cast, browse: Callable[..., str]) -> None:
    page = browse(cast.ada)
    assert "Olga Oakhurst published the event “Moss and stone”" in page
    assert "Omar Otterbrook changed the event “Stars over Oxford”" in page
    assert "The programme drew the ballot for “Stars over Oxford”" in page


def test_each_side_reads_its_own_entries_and_the_administrator_all(
    talk: Event, cast: Cast, browse: Callable[..., str]
) -> None:
    olga, omar = browse(cast.olga), browse(cast.omar)
    assert "Moss and stone" in olga
    assert "Stars over Oxford" not in olga
    assert "Stars over Oxford" in omar
    assert "Moss and stone" not in omar


def test_trail_is_not_for_others(app: Flask, client: FlaskClient, session: Session, talk: Event, cast: Cast) -> None:
    assert client.get("/organise/audit").status_code == 303
    client.set_cookie("programme_session", cookie_for(session, cast.bob))
    assert client.get("/organise/audit").status_code == 403


def test_before_and_after_stand_side_by_side(app: Flask, session: Session, talk: Event, cast: Cast) -> None:
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    page = client.get("/organise/audit").text
    assert '<del><span class="vh">before: </span>A</del>' in page
    assert '<ins><span class="vh">after: </span>B</ins>' in page


@pytest.mark.parametrize(
    ("query", "kept", "gone"),
    [
        ("?person=otter", "Stars over", "Moss"),
        ("?person=olga@", "Moss", "Stars over"),
        ("?kind=event", "Moss", "drew the ballot"),
        ("?kind=opening", "drew the ballot", "Moss"),
        ("?since=2027-01-13", "drew the ballot", "Moss"),
        ("?until=2027-01-12", "Moss", "drew the ballot"),
        ("?until=2027-01-12&since=2027-01-12&kind=event&person=omar", "changed the event", "Moss"),
    ],
)
def test_filters_narrow_the_list(
    talk: Event, cast: Cast, browse: Callable[..., str], query: str, kept: str, gone: str
) -> None:
    page = browse(cast.ada, query)
    assert kept in page
    assert gone not in page


def test_trail_of_one_thing_can_be_read_whole(talk: Event, cast: Cast, browse: Callable[..., str]) -> None:
    page = browse(cast.ada, f"?kind=event&id={talk.id}")
    assert "Moss and stone" in page
    assert "Stars over" not in page
    assert "Stars over" in browse(cast.ada, "?kind=event&id=nonsense")


def test_list_is_paged(session: Session, talk: Event, cast: Cast, browse: Callable[..., str]) -> None:
    for number in range(60):
        write(session, cast.olga, "edited", talk, cast.liverpool.id, after={"room": f"Room {number}"})
    session.commit()
    assert "Room 59" in browse(cast.olga)
    assert "Room 3" in browse(cast.olga, "?page=2")
    assert "51 to 61 of 61 entries" in browse(cast.olga, "?page=2")


@pytest.mark.parametrize("day", ["2027-02-30", "tomorrow", "9999-12-31", "0001-01-01", "2027-1-1"])
def test_date_that_is_none_is_told_and_left_out(
    app: Flask, session: Session, talk: Event, cast: Cast, day: str
) -> None:
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, cast.ada))
    answer = client.get(f"/organise/audit?since={day}&page=zero")
    assert answer.status_code == 400
    assert "We could not read the first day" in answer.text
    assert "Moss and stone" in answer.text


def test_kind_that_is_none_is_told_and_left_out(talk: Event, cast: Cast, browse: Callable[..., str]) -> None:
    assert "We could not read the kind" in browse(cast.ada, "?kind=unicorn")


def test_nothing_found_says_so(talk: Event, cast: Cast, browse: Callable[..., str]) -> None:
    assert "No entry fits" in browse(cast.ada, "?person=nobody")


def test_changes_are_told_in_people_s_words(
    session: Session, talk: Event, cast: Cast, browse: Callable[..., str]
) -> None:
    before = {
        "starts_at": "2027-02-16T14:00:00+00:00",
        "visibility": "public",
        "room_capacity": None,
        "series_id": None,
    }
    after = {
        "starts_at": "2027-07-17T09:00+00:00",
        "visibility": "hidden",
        "room_capacity": 1200,
        "series_id": things.series(session, lead=cast.liverpool, title="Stones").id,
    }
    write(session, cast.olga, "edited", talk, cast.liverpool.id, before=before, after=after)
    session.commit()
    page = browse(cast.olga)
    assert "Starts before: Tue 16 Feb 2027, 14:00 GMT after: Sat 17 Jul 2027, 10:00 BST" in page
    assert "Who sees it before: everybody after: only those who have a place" in page
    assert "Chairs in the room after: 1,200" in page
    assert "Series after: Stones" in page


def test_what_is_gone_is_told_by_what_it_was_called(
    session: Session, talk: Event, cast: Cast, browse: Callable[..., str]
) -> None:
    audit.record(
        session,
        person_id=None,
        verb="term dates removed",
        subject=("academic_period", 9_999),
        now=AT,
        organisation_id=cast.liverpool.id,
        after={"label": "Semester 9"},
    )
    session.commit()
    assert "The programme took away the dates of “Semester 9”" in browse(cast.olga)


def test_people_on_rolls_are_named_only_to_those_who_see_them(
    session: Session, talk: Event, cast: Cast, browse: Callable[..., str]
) -> None:
    row = things.registration(session, to=things.opening(session, events=[talk]), who=cast.charlie)
    after = {"state": "refused", "reason": "Not a chemist"}
    write(session, cast.olga, "refuse", row, cast.liverpool.id, after=after)
    session.commit()
    olga, ada = browse(cast.olga), browse(cast.ada)
    assert "Olga Oakhurst refused Charlie Chalkwell, “Moss and stone”" in olga
    assert "Not a chemist" in olga
    assert f"Olga Oakhurst refused registration {row.id}" in ada
    assert "Charlie" not in ada
    assert "Not a chemist" not in ada


def test_act_of_another_release_is_told_by_its_own_name(
    session: Session, talk: Event, cast: Cast, browse: Callable[..., str]
) -> None:
    write(session, cast.olga, "polished", talk, cast.liverpool.id)
    session.commit()
    assert "Olga Oakhurst polished: the event “Moss and stone”" in browse(cast.olga)


@pytest.mark.one_database
def test_list_keeps_its_query_count(app: Flask, session: Session, talk: Event, cast: Cast) -> None:
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, cast.ada))
    client.get("/organise/audit")
    counts = []
    for _ in range(2):
        with statements(app) as seen:
            client.get("/organise/audit")
        counts.append(len(seen))
        for number in range(30):
            other = things.event(session, lead=cast.oxford, title=f"Talk {number}")
            write(session, cast.omar, "published", other, cast.oxford.id)
            write(session, cast.omar, "closed", opening_of(session, other), cast.oxford.id)
        session.commit()
    assert counts[0] == counts[1]


PAGES_OF_THE_STORY = 12


@pytest.mark.one_database
def test_the_demonstration_s_trail_has_no_internal_word(app: Flask, told: Session) -> None:
    for somebody in (people.ADMINISTRATOR, people.LIVERPOOL_ORGANISER, people.OXFORD_ORGANISER):
        who = person_of(told, key=somebody.address)
        assert who is not None
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(told, who))
        for page in range(1, PAGES_OF_THE_STORY):
            trail = client.get(f"/organise/audit?page={page}").text.split('<ol class="trail">')[1].split("</ol>")[0]
            shown = text_of(re.sub(r"<time[^>]*>", "", trail))
            assert re.findall(r"\b[a-z]+_[a-z_]+\b|\d{4}-\d\d-\d\d|\bNone\b|\bTrue\b|\{", shown) == []


def text_of(markup: str) -> str:
    """The page as it is read: no tags, no runs of white space."""
    return " ".join(unescape(TAGS.sub(" ", markup)).split()).replace(" ”", "”")


def opening_of(session: Session, event: Event) -> Opening:
    """An opening for an event."""
    return things.opening(session, events=[event])


def write(
    session: Session,
    who: Person | None,
    verb: str,
    thing: Event | Opening | Registration,
    organisation_id: int,
    *,
    later: timedelta = timedelta(),
    **sides: dict[str, Any],
) -> None:
    """Write an entry."""
    audit.record(
        session,
        person_id=who.id if who else None,
        verb=verb,
        subject=(thing.__tablename__, thing.id),
        organisation_id=organisation_id,
        now=AT + later,
        **sides,
    )
