"""Pages ask the database as often for one calendar, event or decision as for thirty."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.calendar.subscribed.models import FollowedEvent
from programme.engines.calendar.subscribed.states import Upstream
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.bed.servers.elsewhere import Elsewhere
from tests.factories.cast import Cast
from tests.flows.following.conftest import address_of, talk
from tests.screens.organiser.subscribed.conftest import HOME, Give, says

pytestmark = pytest.mark.one_database


def asked(app: Flask, browser: FlaskClient, address: str) -> int:
    """Return how many statements a page takes."""
    with statements(app) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_list_of_addresses(app: Flask, session: Session, cast: Cast, omar: FlaskClient) -> None:
    address_of(session, cast, person_id=cast.omar.id)
    few = asked(app, omar, HOME)
    for number in range(29):
        address_of(session, cast, url=f"https://talks.example.ac.uk/{number}.ics", person_id=cast.omar.id)
    assert asked(app, omar, HOME) == few


def test_what_is_to_be_decided(
    app: Flask, session: Session, omar: FlaskClient, give: Give, elsewhere: Elsewhere, clock: Clock
) -> None:
    says(elsewhere, *[talk(f"{number}@x", f"Talk {number}") for number in range(30)])
    address = give().location
    omar.post(f"{address}/confirmation")
    first = session.scalars(select(FollowedEvent.id).order_by(FollowedEvent.id)).first()
    both = {"upstream": Upstream.ASKED, "conflicting": "title place"}
    session.execute(update(FollowedEvent).where(FollowedEvent.id == first).values(**both))
    session.execute(update(Event).values(description="Words."))
    session.commit()
    few = asked(app, omar, address)
    session.execute(update(FollowedEvent).values(**both))
    session.commit()
    assert asked(app, omar, address) == few


def test_preview(app: Flask, omar: FlaskClient, give: Give, elsewhere: Elsewhere) -> None:
    few = asked(app, omar, give().location)
    says(elsewhere, *[talk(f"{number}@x", f"Talk {number}") for number in range(60)])
    assert asked(app, omar, give(url=elsewhere.url("/feed.ics")).location) == few
