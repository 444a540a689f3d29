"""Registrations for several dates, for some of several events, and for several people, to look at their pages."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from programme.core import clock
from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.registration.models import Opening, Registration
from programme.flows.registering import SignUp, sign_up
from programme.people.models import Organisation
from programme.people.permissions import NOBODY
from tests.factories import things


def examples(app: Flask, session: Session, *, lead: Organisation) -> dict[str, str]:
    """Return a link of each kind, and the number of somebody who comes along."""
    links = app.extensions["links"]
    group = registered(session, dinner(session, lead), others=("Bea Bloggs", "Cem Can"))
    return {
        "series_token": links.token(registered(session, series(session, lead))),
        "choice_token": links.token(registered(session, workshops(session, lead), chosen=2)),
        "group_token": links.token(group),
        "companion_id": str(group.companions[0].id),
    }


def series(session: Session, lead: Organisation) -> Opening:
    """A place at six Tuesdays."""
    first = clock.now() + timedelta(days=7)
    weeks = [
        things.event(session, lead=lead, title="Tuesday colloquium", starts_at=first + timedelta(days=7 * one))
        for one in range(6)
    ]
    return things.opening(session, events=weeks, capacity=1, title="The colloquium, Hilary term")


def workshops(session: Session, lead: Organisation) -> Opening:
    """Two of five workshops, of which one is nearly full."""
    start = clock.now() + timedelta(days=9)
    titles = {"Lasers by hand": 1, "Ice under pressure": 12, "Glass that bends": 8, "Tides in a tank": None, "Dust": 20}
    events = [
        things.event(session, lead=lead, title=title, starts_at=start, room_capacity=room)
        for title, room in titles.items()
    ]
    return things.opening(session, events=events, capacity=40, title="Workshops at the open day", chooses=2)


def dinner(session: Session, lead: Organisation) -> Opening:
    """A dinner with a menu, for up to four in one registration."""
    event = things.event(session, lead=lead, title="Dinner in hall", starts_at=clock.now() + timedelta(days=12))
    row = things.opening(session, events=[event], capacity=30, most_together=4)
    row.questionnaire = new_questionnaire(session, now=clock.now())
    settings = {"options": ["Fish", "Beans"]}
    add_question(session, row.questionnaire, kind="one_of", label="Menu", settings=settings)
    return row


def registered(session: Session, opening: Opening, *, chosen: int = 0, others: tuple[str, ...] = ()) -> Registration:
    """Register Gwen, who comes to the first so many, with others."""
    choice = frozenset(event.id for event in opening.events[:chosen])
    sent = SignUp(
        name="Gwen Guest",
        address="gwen@example.org",
        organisation_id=None,
        answers={},
        choice=choice,
        others=others,
        form_key=f"several:{opening.id}",
    )
    return sign_up(session, opening.id, sent, actor=NOBODY, now=clock.now()).registration
