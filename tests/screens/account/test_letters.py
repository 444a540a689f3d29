"""One's letters: chosen, kept with the words agreed to, and as usual for those who chose nothing."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.addresses.models import Cause, LetterChoice, Suppression
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.states import Scope
from programme.engines.mail.wishes.choices import NEWS_WORDS
from tests.bed.clock import START, Clock
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for

USUAL = {"digest_at": "420", "quiet_from": "1260", "quiet_until": "420"}


@pytest.fixture
def cast(session: Session, client: FlaskClient, clock: Clock) -> Cast:
    """The cast, with Olga signed in."""
    found = assemble(session)
    client.set_cookie("programme_session", cookie_for(session, found.olga))
    return found


def choice(session: Session) -> LetterChoice | None:
    session.rollback()
    session.expire_all()
    return session.scalars(select(LetterChoice)).one_or_none()


def test_page_is_for_somebody_signed_in(client: FlaskClient) -> None:
    assert client.get("/me/letters").location == "/sign-in?next=/me/letters"
    assert client.post("/me/letters", data=USUAL).location == "/sign-in"


def test_nothing_chosen_is_as_usual_and_looking_keeps_nothing(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    page = client.get("/me/letters")
    assert "checked" not in page.text
    assert '<option selected value="420">07:00</option>' in page.text
    assert choice(session) is None
    assert "/me/letters" in client.get("/me/account").text


def test_news_is_kept_with_its_time_and_its_words(
    client: FlaskClient, cast: Cast, session: Session, clock: Clock
) -> None:
    assert client.post("/me/letters", data={**USUAL, "wants_news": "y"}).status_code == 303
    row = choice(session)
    assert row is not None
    assert (row.news_since, row.news_words) == (START, NEWS_WORDS)
    clock.forward(days=3)
    client.post("/me/letters", data={**USUAL, "wants_news": "y", "wants_digest": "y"})
    row = choice(session)
    assert row is not None
    assert row.news_since == START, "a consent that stands keeps its time"
    assert row.wants_digest
    page = client.post("/me/letters", data=USUAL, follow_redirects=True).text
    assert "Your choice is saved." in page
    row = choice(session)
    assert row is not None
    assert (row.news_since, row.news_words) == (None, "")


def test_quiet_hours_and_the_morning_letter_are_kept(client: FlaskClient, cast: Cast, session: Session) -> None:
    chosen = {**USUAL, "is_quiet": "y", "quiet_from": "1320", "quiet_until": "390", "wants_morning": "y"}
    assert client.post("/me/letters", data=chosen).status_code == 303
    row = choice(session)
    assert row is not None
    assert (row.quiet_from, row.quiet_until, row.wants_morning) == (1320, 390, True)
    client.post("/me/letters", data={**chosen, "is_quiet": ""})
    row = choice(session)
    assert row is not None
    assert (row.quiet_from, row.quiet_until) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest_at": "421"},
        {"digest_at": "x"},
        {"quiet_from": "-5"},
        {"quiet_until": "\0"},
        {"is_quiet": "y", "quiet_until": "1260"},
    ],
)
def test_times_that_are_none_are_refused(
    client: FlaskClient, cast: Cast, session: Session, wrong: dict[str, str]
) -> None:
    answer = client.post("/me/letters", data={**USUAL, "wants_news": "y", **wrong})
    assert answer.status_code == 422
    assert choice(session) is None


def test_participants_have_no_morning_letter(client: FlaskClient, cast: Cast, session: Session) -> None:
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    assert "each morning" not in client.get("/me/letters").text
    client.post("/me/letters", data={**USUAL, "wants_morning": "y"})
    row = choice(session)
    assert row is not None
    assert not row.wants_morning


def test_asking_for_news_again_lifts_ones_own_wish_and_nothing_else(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    key = address_hash(cast.olga.address)
    for scope, cause in ((Scope.MARKETING, Cause.UNSUBSCRIBED), (Scope.EVERYTHING, Cause.BOUNCED)):
        session.add(Suppression(address_hash=key, scope=scope, cause=cause, since=LONG_AGO))
    session.commit()
    client.post("/me/letters", data={**USUAL, "wants_news": "y"})
    session.rollback()
    session.expire_all()
    standing = session.scalars(select(Suppression.scope).where(Suppression.lifted_at.is_(None))).all()
    assert standing == [Scope.EVERYTHING]
