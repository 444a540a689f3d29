"""Browsers of the cast, signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories.cast import cookie_for

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.people.models import Person


def signed_in(app: Flask, session: Session, who: Person) -> FlaskClient:
    """Return a browser without a screen in which somebody is signed in; commits."""
    browser = app.test_client()
    browser.set_cookie("programme_session", cookie_for(session, who))
    return browser


def look_again(session: Session) -> None:
    """Let a test's session see what browsers have written meanwhile."""
    session.rollback()
    session.expire_all()
