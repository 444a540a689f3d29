"""What the organisers' pages are tested on: an opening that Liverpool leads and Oxford shares, and who comes to it."""

from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.questionnaire import actions
from programme.engines.questionnaire.building import READY_MADE
from programme.engines.questionnaire.models import Question
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.people.models import Organisation, Person, Role
from tests.bed.clock import Clock
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast

As = Callable[[Person | None], FlaskClient]


@dataclass
class Evening:
    """A talk at Liverpool with two places: Alice and Bob have them, Charlie waits; one question is sensitive."""

    people: Cast
    opening: Opening
    alice: Registration
    bob: Registration
    charlie: Registration
    department: Question
    diet: Question
    helper: Person
    elsewhere_helper: Person
    partner: Person
    stranger: Person

    @property
    def home(self) -> str:
        return f"/organise/openings/{self.opening.id}"

    @property
    def event_id(self) -> int:
        return self.opening.events[0].id


@pytest.fixture
def evening(session: Session, clock: Clock) -> Evening:
    people = cast.assemble(session)
    event = things.event(session, lead=people.liverpool, contact_address="exchange@liverpool.example.ac.uk")
    other = things.event(session, lead=people.liverpool, title="Another talk")
    opening = things.opening(session, events=[event], capacity=2)
    opening.co_owners = [people.oxford, people.council]
    opening.questionnaire = sheet = actions.new_questionnaire(session, now=LONG_AGO)
    department = actions.add_question(session, sheet, **READY_MADE["department"])
    diet = actions.add_question(session, sheet, **READY_MADE["dietary"])
    state = RegistrationState
    made = {
        "alice": things.registration(session, to=opening, who=people.alice, organisation_id=people.liverpool.id),
        "bob": things.registration(session, to=opening, who=people.bob, organisation_id=people.oxford.id),
        "charlie": things.registration(session, to=opening, who=people.charlie, state=state.WAITLISTED),
    }
    for row in made.values():
        row.answer_sheet = actions.answer(
            session, sheet, {department.id: "Chemistry", diet.id: ["Vegan"]}, now=LONG_AGO
        )
    helper = cast.person(session, "Hal Helpful", "hal@example.org")
    cast.grant(session, helper, Role.HELPER, organisation=people.liverpool, subject=("event", event.id))
    astray = cast.person(session, "Ed Elsewhere", "ed@example.org")
    cast.grant(session, astray, Role.HELPER, organisation=people.liverpool, subject=("event", other.id))
    partner = cast.person(session, "Pia Partner", "pia@example.org")
    cast.grant(session, partner, Role.PARTNER, organisation=people.council)
    organisation = session.scalars(select(Organisation).where(Organisation.slug == "lcrca")).one()
    stranger = cast.organiser(session, "Otto Outsider", "otto@example.org", organisation)
    session.commit()
    return Evening(
        people,
        opening,
        **made,
        department=department,
        diet=diet,
        helper=helper,
        elsewhere_helper=astray,
        partner=partner,
        stranger=stranger,
    )


@pytest.fixture
def signed_in(app: Flask, session: Session) -> As:
    """A browser signed in as somebody, or as nobody."""

    def browser(who: Person | None) -> FlaskClient:
        client = app.test_client()
        if who is not None:
            client.set_cookie("programme_session", cast.cookie_for(session, who))
        return client

    return browser


@pytest.fixture
def olga(signed_in: As, evening: Evening) -> FlaskClient:
    """Olga, who organises for the lead."""
    return signed_in(evening.people.olga)


def letters(session: Session) -> list[tuple[str, str]]:
    """Every letter in the outbox: its kind and to whom."""
    session.rollback()
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [(row.letter, row.recipient) for row in rows]


def fresh(session: Session, row: Registration) -> Registration:
    """A registration as it is stored now."""
    session.rollback()
    session.expire_all()
    return session.get_one(Registration, row.id)


def text_of(answer: object) -> str:
    """The page as people read it."""
    return unescape(answer.get_data(as_text=True)).replace("<wbr>", "")  # type: ignore[attr-defined]
