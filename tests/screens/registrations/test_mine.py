"""My programme: an agenda of one's own, and of nobody else's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from programme.engines.calendar.states import Visibility
from programme.engines.calendar.times import london_day
from programme.engines.registration.links import Links
from programme.engines.registration.models import Opening, Quota
from programme.engines.registration.states import Attendance, RegistrationState
from programme.extensions import db
from programme.flows.steps.step import Act, Kind, Step
from tests.bed.clock import Clock
from tests.factories import things
from tests.factories.cast import Cast, cookie_for


def test_nobody_signed_in_is_led_to_sign_in(client: FlaskClient, people: Cast) -> None:
    answered = client.get("/me")
    assert answered.status_code == 303
    assert answered.location == "/sign-in?next=/me"


def test_an_empty_programme_says_what_will_be_there(client: FlaskClient, session: Session, people: Cast) -> None:
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    assert "Nothing is in your programme yet" in page


def test_places_waiting_lists_and_the_past_are_shown(
    client: FlaskClient, session: Session, people: Cast, opening: Opening
) -> None:
    full = things.opening(session, events=[things.event(session, lead=people.liverpool, title="Writing clinic")])
    for who in (people.alice, people.bob):
        things.registration(session, to=full, who=who, state=RegistrationState.WAITLISTED)
    things.registration(session, to=opening, who=people.bob)
    gone = things.event(session, lead=people.oxford, title="Pitch night", starts_at=things.SOON - timedelta(days=90))
    things.registration(session, to=things.opening(session, events=[gone]), who=people.bob)
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    assert "You are 2nd on the waiting list" in page
    assert page.index("Quantum sensing for chemists") < page.index("Past") < page.index("Pitch night")
    client.set_cookie("programme_session", cookie_for(session, people.charlie))
    assert "Writing clinic" not in client.get("/me").text


def test_each_waits_with_its_position_and_why_and_the_next_step_is_one_click_away(
    app: Flask, client: FlaskClient, session: Session, people: Cast
) -> None:
    clinic = things.event(session, lead=people.liverpool, title="Writing clinic")
    full = things.opening(session, events=[clinic], capacity=1)
    things.registration(session, to=full, who=people.charlie)
    things.registration(session, to=full, who=people.alice, state=RegistrationState.WAITLISTED)
    row = things.registration(session, to=full, who=people.bob, state=RegistrationState.WAITLISTED)
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    for sentence in ("You are 2nd on the waiting list", "1 person joined before you.", "Every place is taken."):
        assert sentence in page
    its_page = app.extensions["links"].path(row)
    assert f'href="{its_page}">See where you stand' in page
    assert f'href="{its_page}/cancellation">Leave the list' in page
    assert "What needs you" not in page


def test_what_has_a_deadline_stands_first_with_its_button(
    app: Flask, client: FlaskClient, session: Session, clock: Clock, people: Cast, opening: Opening
) -> None:
    row = things.registration(session, to=opening, who=people.bob, prove_by=clock.now + timedelta(days=2))
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    assert page.index("What needs you") < page.index("Your dates")
    assert "Place held" in page
    assert "in 2 days" in page
    answer = client.post(f"{app.extensions['links'].path(row)}/proof", follow_redirects=True)
    assert "Your place is kept." in answer.text
    assert "What needs you" not in client.get("/me").text


def test_whoever_came_is_led_to_their_certificate(
    app: Flask, client: FlaskClient, session: Session, people: Cast
) -> None:
    for number, came in enumerate((Attendance.PRESENT, Attendance.ABSENT)):
        gone = things.event(
            session, lead=people.oxford, title=f"Talk {number}", starts_at=things.SOON - timedelta(days=90)
        )
        row = things.registration(session, to=things.opening(session, events=[gone]), who=people.bob)
        row.seats[0].attendance = came
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    for address in ("/me", "/me/past"):
        assert client.get(address).text.count("Your certificate") == 1


def test_sources_of_other_rooms_are_shown_and_running_offers_come_first(
    app: Flask, client: FlaskClient, session: Session, clock: Clock, people: Cast
) -> None:
    offer = Step(
        kind=Kind.OFFERED,
        about="offer:1",
        title="Synchrotron data school",
        look="offered",
        starts_at=things.SOON,
        ends_at=things.SOON + timedelta(hours=2),
        due=clock.now + timedelta(days=2),
        next=Act("Accept the place", "/offers/1/acceptance", is_verb=True),
        others=(Act("Let it go", "/offers/1/decline", is_verb=True),),
    )
    draft = Step(
        kind=Kind.DO, about="draft:1", title="PIPS round", look="draft", url="/drafts/1", next=Act("Go on", "/drafts/1")
    )
    app.extensions["step_sources"] = (*app.extensions["step_sources"], Others((offer, draft)))
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    assert "A place has come free at Synchrotron data school" in page
    assert page.index('action="/offers/1/acceptance"') < page.index("What needs you") < page.index("Your dates")
    assert 'href="/drafts/1">Go on' in page


def test_what_is_only_to_be_done_is_listed_once_with_its_next_step(
    app: Flask, client: FlaskClient, session: Session, people: Cast, opening: Opening
) -> None:
    things.registration(session, to=opening, who=people.bob)
    asked = Step(
        kind=Kind.DO,
        about="follow-up:1",
        title="A second form",
        look="pending",
        words="A few more questions",
        url="/follow-up",
        why=("The organisers ask a little more.",),
        next=Act("Answer", "/follow-up"),
    )
    app.extensions["step_sources"] = (*app.extensions["step_sources"], Others((asked,)))
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    assert page.count(">A second form</a></h3>") == 1
    assert "Without a date" not in page
    assert page.index("What needs you") < page.index("A few more questions. The organisers ask a little more.")
    assert page.index('href="/follow-up">Answer') < page.index("Your dates")


def test_a_date_whose_title_is_to_come_is_told_by_its_series_but_for_a_hidden_one(
    client: FlaskClient, session: Session, people: Cast
) -> None:
    for title, seen in (("Corridor colloquium", Visibility.MEMBERS), ("Secret seminar", Visibility.HIDDEN)):
        series = things.series(session, lead=people.oxford, title=title, visibility=seen)
        talk = things.event(session, lead=people.oxford, series_id=series.id, title_is_known=False)
        things.registration(session, to=things.opening(session, events=[talk]), who=people.bob)
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    assert "Corridor colloquium: title to be announced" in page
    assert "Title to be announced" in page
    assert "Secret seminar" not in page


@dataclass(frozen=True)
class Others:
    """A room that knows of some steps."""

    known: tuple[Step, ...]

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> tuple[Step, ...]:
        """Return them."""
        del session, person_id, links, now
        return self.known


def test_ruler_leads_to_ones_own_weeks_and_the_rest_to_whats_on(
    client: FlaskClient, session: Session, clock: Clock, people: Cast
) -> None:
    soon = clock.now.replace(hour=14) + timedelta(weeks=2)
    talk = things.event(session, lead=people.oxford, title="Talk", starts_at=soon)
    things.registration(session, to=things.opening(session, events=[talk]), who=people.bob)
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    page = client.get("/me").text
    monday = london_day(soon) - timedelta(days=london_day(soon).weekday())
    assert f'href="/me#w-{monday.isoformat()}"' in page
    assert f'id="w-{monday.isoformat()}"' in page
    assert f'href="/?from={(monday + timedelta(weeks=1)).isoformat()}"' in page


def test_long_programmes_and_long_pasts_come_in_pages(
    client: FlaskClient, session: Session, clock: Clock, people: Cast
) -> None:
    for number in range(31):
        for title, days in (("Coming", 60 + number), ("Gone", -60 - number)):
            starts = clock.now + timedelta(days=days)
            talk = things.event(session, lead=people.oxford, title=f"{title} {number}", starts_at=starts)
            things.registration(session, to=things.opening(session, events=[talk]), who=people.bob)
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    first, second = client.get("/me").text, client.get("/me?page=2").text
    assert "Coming 29" in first
    assert "Coming 30" not in first
    assert "Coming 30" in second
    assert "Gone 4<" in first
    assert "Gone 5<" not in first
    assert 'href="/me/past">All 31' in first
    assert "Gone 30<" in client.get("/me/past").text
    client.set_cookie("programme_session", cookie_for(session, people.charlie))
    assert "Nothing is past yet" in client.get("/me/past").text


@pytest.mark.parametrize("state", [RegistrationState.CONFIRMED, RegistrationState.WAITLISTED])
def test_the_page_asks_as_often_for_thirty_as_for_one(
    app: Flask, client: FlaskClient, session: Session, people: Cast, state: RegistrationState
) -> None:
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    counts = []
    for wanted in (1, 29):
        for number in range(wanted):
            talk = things.event(session, lead=people.oxford, title=f"Talk {wanted} {number}", room_capacity=9)
            quota = Quota(organisation_id=people.oxford.id, places=1, release_days=3)
            to = things.opening(session, events=[talk], quotas=[quota])
            things.registration(session, to=to, who=people.bob, state=state)
        session.commit()
        client.get("/me")
        counts.append(statements(app, client, "/me"))
    assert counts[0] == counts[1] < 27


def statements(app: Flask, client: FlaskClient, address: str) -> int:
    """How many statements an address takes."""
    with app.app_context():
        engine = db.engine
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
