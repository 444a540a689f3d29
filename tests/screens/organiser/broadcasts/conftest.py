"""The evening of the flows' tests, and browsers of those who organise."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.people.models import Person
from tests.bed.clock import Clock
from tests.factories.cast import cookie_for
from tests.flows.broadcasting.conftest import Evening, evening

__all__ = ["evening"]
As = Callable[[Person], FlaskClient]


@pytest.fixture
def browse(app: Flask, session: Session, clock: Clock) -> As:
    """Open a browser signed in as somebody, in January 2027."""

    def opened(who: Person) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(session, who))
        return client

    return opened


@pytest.fixture
def olga(browse: As, evening: Evening) -> FlaskClient:
    """Olga of Liverpool, signed in."""
    return browse(evening.cast.olga)


def letter(evening: Evening, **given: Any) -> dict[str, Any]:
    """What the form for people registered sends."""
    return {
        "kind": "registered",
        "subject": "What to bring",
        "text": "Bring a card.\n\n- a pen",
        "purpose": "service",
        "organisation": evening.cast.liverpool.id,
        "strand": "",
        "about": f"opening:{evening.opening.id}",
        "states": ["confirmed", "offered"],
        "home": "",
        "attendance": "",
        "tag": "",
        "said": "",
        **given,
    }


def text_of(answer: Any) -> str:
    """The page as people read it."""
    return unescape(answer.get_data(as_text=True))
