"""Putting letters into other words: previewed, refused with the line, saved, seen in real letters, and put back."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.mail.composing import said_now
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.wording.passages import LONGEST_PASSAGE
from programme.engines.mail.written.models import Wording
from tests.factories.cast import Cast, cookie_for
from tests.factories.desk import Desk
from tests.factories.letters import EXAMPLES

HOME = "/organise/letters/registration_confirmed"
Browser = Callable[[str], FlaskClient]


@pytest.fixture
def browser(app: Flask, session: Session, cast: Cast) -> Browser:
    """A browser of somebody of the cast."""

    def opened(name: str) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(session, getattr(cast, name)))
        return client

    return opened


def form_of(client: FlaskClient, home: str = HOME, **changed: str) -> dict[str, str]:
    """The form of a letter's wording as the page has it, with some parts in other words."""
    page = client.get(home).get_data(as_text=True)
    (form,) = re.findall(rf'<form[^>]*action="{home}/preview".*?</form>', page, re.DOTALL)
    areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*(.*?)</textarea>', form, re.DOTALL)
    inputs = [
        (name, value)
        for tag in re.findall(r"<input[^>]*>", form)
        for name in re.findall(r'name="([^"]*)"', tag)
        for value in re.findall(r'value="([^"]*)"', tag)
    ]
    given = {name: unescape(value) for name, value in (*areas, *inputs)}
    return {**given, **{f"say-{name}": text for name, text in changed.items()}}


def test_words_that_are_saved_stand_in_the_letters_that_go(
    app: Flask, browser: Browser, session: Session, cast: Cast
) -> None:
    ada = browser("ada")
    words = {"subject_to_keep": "Come! {title}", "opening": "Hello {name},\r\n\r\n<b>{title}</b> & {{you}}"}
    assert ada.post(f"{HOME}/wording", data=form_of(ada, **words)).status_code == 422
    words["opening"] = "Hello {name},\r\n\r\n<b>{title}</b> & you"
    answer = ada.post(f"{HOME}/wording", data=form_of(ada, **words))
    assert (answer.status_code, answer.location) == (303, HOME)
    EXAMPLES["registration_confirmed"](Desk(session, cast, app.extensions["keepers"]))
    session.commit()
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == "gwen@example.org")).first()
    assert row is not None
    body = said_now(session, row, room=app.extensions["mail_room"], now=Desk.now)
    assert body is not None
    assert body.subject.startswith("Come! Tides & <sand>: what the Mersey")
    assert body.text.startswith("Hello Gwen Guest,\n\n<b>Tides & <sand>: what the Mersey")
    assert "&lt;b&gt;Tides &amp; &lt;sand&gt;: what the Mersey" in body.html


def test_who_changed_what_is_told(browser: Browser, session: Session) -> None:
    ada = browser("ada")
    ada.post(f"{HOME}/wording", data=form_of(ada, closing="Ask {contact}."))
    page = ada.get(HOME).get_data(as_text=True)
    assert "by Ada Ashdown" in page
    assert "changed the wording of a kind of letter" in page
    assert "Ask {contact}." in page
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "change wording")).one()
    assert entry.after == {"letter": "registration_confirmed", "passage": "Closing", "wording": "Ask {contact}."}
    assert "Questions?" in (entry.before or {})["wording"]
    assert "Changed" in browser("olga").get("/organise/letters").get_data(as_text=True)


def test_unknown_placeholder_is_refused_with_its_line_and_the_nearest_one(browser: Browser, session: Session) -> None:
    ada = browser("ada")
    answer = ada.post(f"{HOME}/wording", data=form_of(ada, opening="Dear {name},\r\n\r\nyou have {titel}."))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Line 3: there is no placeholder {titel} here. Did you mean {title}?" in page
    assert "you have {titel}." in page
    assert session.scalars(select(Wording)).all() == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("passage", "text", "sentence"),
    [
        ("subject", "", "Write a subject"),
        ("subject", "Hello\r\nBcc: eve@example.org", "A subject is one line"),
        ("subject", "For {name}", "cannot stand in a subject"),
        ("subject", "x" * 151, "Keep this to 150 characters; it has 151."),
        ("closing", "x" * (LONGEST_PASSAGE + 1), "Keep this to 2,000 characters; it has 2,001."),
        ("closing", "{{ 7*7 }}", "Line 1: there is no placeholder"),
        ("closing", "nul \0 here", "a character we cannot keep"),
    ],
)
@pytest.mark.parametrize("act", ["wording", "preview"])
def test_what_cannot_be_a_wording_is_refused_with_a_sentence(
    browser: Browser, session: Session, act: str, passage: str, text: str, sentence: str
) -> None:
    ada = browser("ada")
    answer = ada.post(f"{HOME}/{act}", data=form_of(ada, **{passage: text}))
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert session.scalars(select(Wording)).all() == []


def test_preview_shows_what_was_typed_and_keeps_nothing(browser: Browser, session: Session) -> None:
    ada = browser("ada")
    typed = form_of(ada, opening="Hello {name}, this is “{title}” <i>.", subject_to_keep="Soon: {title}")
    answer = ada.post(f"{HOME}/preview", data={**typed, "case": "1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Soon: Quantum sensing for chemists" in page
    assert "Hello Alice Aldgrove, this is “Quantum sensing for chemists” &lt;i&gt;." in page
    (within,) = re.findall(r'srcdoc="([^"]*)" sandbox="allow-top-navigation-by-user-activation"', page)
    assert "this is “Quantum sensing for chemists” &lt;i&gt;." in unescape(within)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert session.scalars(select(Wording)).all() == []


def test_form_made_from_other_words_is_refused_and_keeps_what_was_typed(browser: Browser) -> None:
    ada, again = browser("ada"), browser("ada")
    late = form_of(again, closing="Mine.")
    ada.post(f"{HOME}/wording", data=form_of(ada, closing="Theirs."))
    answer = again.post(f"{HOME}/wording", data=late)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Somebody changed this letter while you wrote" in page
    assert "Mine." in page
    assert "Theirs." in page
    (mark,) = re.findall(r'name="say-made_from"[^>]*value="([^"]*)"', page)
    assert again.post(f"{HOME}/wording", data={**late, "say-made_from": mark}).status_code == 303
    assert "Mine." in again.get(HOME).get_data(as_text=True)


def test_original_wording_comes_back_after_a_question(browser: Browser, session: Session) -> None:
    ada = browser("ada")
    assert "This letter has its original wording" in ada.get(f"{HOME}/restoration").get_data(as_text=True)
    ada.post(f"{HOME}/wording", data=form_of(ada, closing="Ask {contact}.", why=""))
    page = ada.get(f"{HOME}/restoration").get_data(as_text=True)
    assert "Back to the original wording?" in page
    assert "Questions? Answer this letter: it goes to {contact}." in page
    assert "Ask {contact}." in page
    assert ada.post(f"{HOME}/restoration").status_code == 303
    assert session.scalars(select(Wording)).all() == []
    assert "went back to the original wording of a kind of letter" in ada.get(HOME).get_data(as_text=True)


def test_what_reads_as_the_original_is_the_original(browser: Browser, session: Session) -> None:
    ada = browser("ada")
    first = form_of(ada)
    ada.post(f"{HOME}/wording", data=form_of(ada, closing="Ask {contact}."))
    ada.post(f"{HOME}/wording", data={**form_of(ada), "say-closing": first["say-closing"]})
    assert session.scalars(select(Wording)).all() == []


@pytest.mark.one_database
def test_only_administrators_change_words(browser: Browser, session: Session) -> None:
    ada, olga = browser("ada"), browser("olga")
    typed = form_of(ada, closing="Ask {contact}.")
    for act in ("wording", "preview", "restoration"):
        assert olga.post(f"{HOME}/{act}", data=typed).status_code == 403
    assert olga.get(f"{HOME}/restoration").status_code == 403
    assert browser("alice").get(HOME).status_code == 403
    page = olga.get(HOME).get_data(as_text=True)
    assert "Save the wording" not in page
    assert "Questions? Answer this letter" in page
    assert session.scalars(select(Wording)).all() == []
