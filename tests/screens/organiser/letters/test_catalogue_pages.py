"""The catalogue on screen: every kind, previewed in each of its cases, in as many queries whatever was changed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.mail.ports import MailRoom
from programme.engines.mail.written.models import Wording
from tests.bed.databases import statements
from tests.factories.cast import LONG_AGO, Cast
from tests.factories.letters import EXAMPLES


@pytest.fixture
def room(app: Flask) -> MailRoom:
    """The catalogue."""
    found: MailRoom = app.extensions["mail_room"]
    return found


def text(client: FlaskClient, path: str) -> str:
    """A page that must be there."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.one_database
def test_every_kind_is_listed_with_when_it_goes(olga: FlaskClient, room: MailRoom) -> None:
    page = text(olga, "/organise/letters")
    for letter in room.letters.values():
        assert f'href="/organise/letters/{letter.name}"' in page
        assert letter.description.about in page


@pytest.mark.one_database
@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_kind_is_shown_in_each_of_its_cases(olga: FlaskClient, room: MailRoom, kind: str) -> None:
    cases, page = room.letters[kind].description.cases, ""
    for number in range(len(cases) or 1):
        page = text(olga, f"/organise/letters/{kind}?case={number}")
        framed = text(olga, f"/organise/letters/{kind}/html?case={number}")
        assert f'data="/organise/letters/{kind}/html?case={number}"' in page
        assert framed.startswith("<!doctype html>")
    assert all(one.title in page for one in cases)


@pytest.mark.one_database
@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_passage_shows_in_one_of_the_cases(
    olga: FlaskClient, session: Session, room: MailRoom, kind: str
) -> None:
    description = room.letters[kind].description
    for passage in description.passages:
        words = {"letter": kind, "passage": passage.name, "text": f"Here stands {passage.name}"}
        session.add(Wording(**words, changed_at=LONG_AGO))
    session.commit()
    pages = [text(olga, f"/organise/letters/{kind}?case={number}") for number in range(len(description.cases) or 1)]
    shown = "".join(page.partition('id="wording"')[0] for page in pages)
    assert [one.name for one in description.passages if f"Here stands {one.name}" not in shown] == []


@pytest.mark.one_database
def test_what_there_is_not_is_not_found(olga: FlaskClient) -> None:
    for path in ("nothing", "registration_confirmed%0a", "9" * 300):
        assert olga.get(f"/organise/letters/{path}").status_code == 404
    assert olga.get("/organise/letters/sign_in?case=7").status_code == 400
    assert olga.get("/organise/letters/event_moved?case=x").status_code == 400


def test_list_asks_as_much_whatever_was_changed(
    app: Flask, olga: FlaskClient, session: Session, cast: Cast, room: MailRoom
) -> None:
    text(olga, "/organise/letters")
    counts = []
    for kinds in ((), tuple(room.letters.values())):
        for letter in kinds:
            for passage in letter.description.passages:
                row = Wording(letter=letter.name, passage=passage.name, text="Ours", changed_at=LONG_AGO)
                row.changed_by_id = cast.ada.id
                session.add(row)
        session.commit()
        for path in ("/organise/letters", "/organise/letters/registration_confirmed"):
            with statements(app) as seen:
                text(olga, path)
            counts.append(len(seen))
    assert counts[0] == counts[2]
    assert counts[3] - counts[1] <= 1, "only the names of those who changed it are one more"
