"""What a worker knows of an opening: shown while it is so, compared before a decision, and never another's words."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from programme.core.audit import record
from programme.core.database import begin_writing
from programme.engines.calendar.actions.values import Plan
from programme.engines.registration.models import Opening
from programme.engines.registration.openings import actions
from programme.engines.registration.openings.editing.details import Details
from programme.engines.registration.openings.known import KnownOpening, KnownOpenings, version_of
from programme.engines.registration.openings.locking import StaleError
from programme.engines.registration.states import RegistrationState
from programme.extensions import db
from programme.flows import scheduling
from programme.flows.admitting import change_capacity
from programme.flows.registering import SignUp, sign_up
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY, Actor
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, cookie_for
from tests.screens.registrations.conftest import Send, letters, registrations

NOW = LONG_AGO + timedelta(days=1)
PEOPLE, PLACES, AT_ONCE = 60, 20, 8
KEY = re.compile(r'name="form_key"[^>]*?value="([^"]+)"')

Verb = Callable[[Session, Opening, Actor, Cast], object]


def edited(session: Session, opening: Opening, actor: Actor, people: Cast) -> object:
    given = Details(title="Another title", event_ids=tuple(event.id for event in opening.events))
    return actions.edit(session, opening.id, given, actor=actor, now=NOW)


def shared(session: Session, opening: Opening, actor: Actor, people: Cast) -> object:
    return actions.share(session, opening.id, [people.liverpool.id], actor=actor, now=NOW)


def closed(session: Session, opening: Opening, actor: Actor, people: Cast) -> object:
    return actions.close(session, opening.id, actor=actor, now=NOW)


def widened(session: Session, opening: Opening, actor: Actor, people: Cast) -> object:
    return change_capacity(session, opening.id, 21, actor=actor, now=NOW)


def moved(session: Session, opening: Opening, actor: Actor, people: Cast) -> object:
    event = opening.events[0]
    later = timedelta(days=1)
    plan = Plan(starts_at=event.starts_at + later, ends_at=event.ends_at + later)
    return scheduling.move(session, event.id, plan, actor=actor, now=NOW)


def cancelled(session: Session, opening: Opening, actor: Actor, people: Cast) -> object:
    return scheduling.cancel(session, opening.events[0].id, actor=actor, now=NOW)


def put_off(session: Session, opening: Opening, actor: Actor, people: Cast) -> object:
    return scheduling.postpone(session, opening.events[0].id, None, actor=actor, now=NOW)


@pytest.fixture
def omar(people: Cast) -> Actor:
    """The organiser at Oxford."""
    return actor_of(people.omar)


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def known_of(session: Session, opening: Opening) -> KnownOpening:
    """What a worker that sees the opening for the first time knows of it."""
    known = KnownOpenings().get(session, opening.id)
    assert known is not None
    session.rollback()
    return known


def begin(session: Session) -> None:
    """Begin as an unsafe request does: as a writer, and before the first query."""
    session.rollback()
    begin_writing(session)


def somebody(number: int) -> SignUp:
    """What somebody sends."""
    address = f"p{number}@example.org"
    return SignUp(name=f"P {number}", address=address, organisation_id=None, answers={}, form_key=str(number))


def form_address(opening: Opening) -> str:
    """Where the form is."""
    return f"/openings/quantum-sensing-for-chemists-{opening.id}/registration"


@pytest.mark.parametrize("verb", [edited, shared, closed, widened, moved, cancelled, put_off])
def test_after_an_organisers_verb_nothing_is_decided_by_what_was_known(
    verb: Verb, session: Session, opening: Opening, omar: Actor, people: Cast
) -> None:
    known = known_of(session, opening)
    begin(session)
    verb(session, opening, omar, people)
    session.commit()
    begin(session)
    with pytest.raises(StaleError):
        sign_up(session, opening.id, somebody(1), actor=NOBODY, now=NOW, known=known)
    session.rollback()
    assert registrations(session) == []
    assert letters(session) == []


def test_who_registers_changes_nothing_that_is_known(session: Session, opening: Opening) -> None:
    known = known_of(session, opening)
    for number in range(3):
        begin(session)
        sign_up(session, opening.id, somebody(number), actor=NOBODY, now=NOW, known=known)
        session.commit()
    assert version_of(session, opening.id) == known.version
    assert len(registrations(session)) == 3


def test_what_happens_elsewhere_stops_no_sign_up_but_is_shown(
    client: FlaskClient, send: Send, session: Session, opening: Opening, people: Cast
) -> None:
    client.get(form_address(opening))
    begin(session)
    people.oxford.privacy_address = "new-address@oxford.example.ac.uk"
    record(session, person_id=None, verb="edited", subject=("organisation", people.oxford.id), now=NOW)
    session.commit()
    assert send(opening).status_code == 303
    assert "new-address@oxford.example.ac.uk" in client.get(form_address(opening)).text


def test_an_event_cancelled_while_somebody_typed_takes_nobody(
    client: FlaskClient, send: Send, session: Session, opening: Opening, omar: Actor
) -> None:
    client.get(form_address(opening))
    begin(session)
    scheduling.cancel(session, opening.events[0].id, actor=omar, now=NOW)
    session.commit()
    answered = send(opening, name="Typed Before")
    assert answered.status_code == 422
    assert "This has been cancelled, so nobody can register any more." in answered.text
    assert "Typed Before" in answered.text
    assert registrations(session) == []


def test_a_question_added_while_somebody_typed_is_asked_and_nothing_typed_is_lost(
    app: Flask, client: FlaskClient, send: Send, session: Session, opening: Opening, people: Cast
) -> None:
    client.get(form_address(opening))
    organiser = app.test_client()
    organiser.set_cookie("programme_session", cookie_for(session, people.omar))
    asked = {"kind": "short_text", "label": "Which group are you in?", "is_required": "y"}
    added = organiser.post(f"/organise/openings/{opening.id}/questions", data=asked)
    assert added.status_code == 303, added.text
    answered = send(opening, name="Typed Before")
    assert answered.status_code == 422
    assert "Which group are you in?" in answered.text
    assert "Typed Before" in answered.text
    assert registrations(session) == []


def test_an_opening_that_became_a_draft_is_nobodys_any_more(
    client: FlaskClient, send: Send, session: Session, opening: Opening, omar: Actor
) -> None:
    client.get(form_address(opening))
    begin(session)
    scheduling.unpublish(session, opening.events[0].id, actor=omar, now=NOW)
    session.commit()
    assert client.get(form_address(opening)).status_code == 404
    assert send(opening).status_code == 404
    assert registrations(session) == []


def test_everybody_gets_a_key_of_their_own_and_the_numbers_of_now(
    client: FlaskClient, send: Send, opening: Opening
) -> None:
    first, second = (client.get(form_address(opening)).text for _ in range(2))
    keys = [KEY.findall(page) for page in (first, second)]
    assert [len(found) for found in keys] == [1, 1]
    assert keys[0] != keys[1]
    assert "gap-" not in re.sub(r'class="[^"]*"', "", first)
    assert "20 of 20 places left" in second
    send(opening)
    assert "19 of 20 places left" in client.get(form_address(opening)).text


def test_nobody_sees_what_is_filled_in_for_somebody_signed_in(
    app: Flask, client: FlaskClient, session: Session, opening: Opening, people: Cast
) -> None:
    own = app.test_client()
    own.set_cookie("programme_session", cookie_for(session, people.bob))
    assert "Bob Birchfield" in own.get(form_address(opening)).text
    assert "Bob Birchfield" not in client.get(form_address(opening)).text
    assert "Bob Birchfield" in own.get(form_address(opening)).text


def test_the_kept_page_follows_the_theme(client: FlaskClient, opening: Opening) -> None:
    plain = client.get(form_address(opening)).text
    client.set_cookie("theme", "dark")
    assert 'class="theme-dark"' in client.get(form_address(opening)).text
    assert 'class="theme-dark"' not in plain


def test_what_is_known_may_be_read_in_any_thread_but_asks_nothing(session: Session, opening: Opening) -> None:
    known = known_of(session, opening)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        titles = list(pool.map(lambda _: known.opening.events[0].title, range(AT_ONCE * 4)))
    assert set(titles) == {"Quantum sensing for chemists"}
    assert known.opening not in session


def test_a_crowd_at_a_known_opening_gets_exactly_its_places(engine: Engine, session: Session, opening: Opening) -> None:
    known = known_of(session, opening)

    def signs_up(number: int) -> None:
        with Session(engine, expire_on_commit=False) as own:
            begin_writing(own)
            sign_up(own, known.opening.id, somebody(number), actor=NOBODY, now=NOW, known=known)
            own.commit()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(signs_up, range(PEOPLE)))
    states = Counter(row.state for row in registrations(session))
    assert states == {RegistrationState.CONFIRMED: PLACES, RegistrationState.WAITLISTED: PEOPLE - PLACES}
    assert len(letters(session)) == PEOPLE


def test_two_known_openings_of_one_room_never_fill_it_beyond_its_chairs(
    engine: Engine, session: Session, people: Cast
) -> None:
    room = things.event(session, lead=people.oxford, room_capacity=15)
    both = [things.opening(session, events=[room], capacity=capacity) for capacity in (10, None)]
    session.commit()
    known = [known_of(session, row) for row in both]

    def signs_up(number: int) -> None:
        with Session(engine, expire_on_commit=False) as own:
            begin_writing(own)
            chosen = known[number % 2]
            sign_up(own, chosen.opening.id, somebody(number), actor=NOBODY, now=NOW, known=chosen)
            own.commit()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(signs_up, range(PEOPLE)))
    states = [row.state for row in registrations(session)]
    assert states.count(RegistrationState.CONFIRMED) == 15
