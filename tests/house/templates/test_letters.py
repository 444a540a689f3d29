"""Every letter of the catalogue is written from real rows: nothing undefined, plain text, sound HTML, no picture."""

import email
import email.policy
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.composing import bytes_of, said_now, without_keys, without_secrets
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import MailRoom
from programme.engines.mail.wire.messages import Body
from programme.engines.mail.wording.stationery import Stationery, written
from tests.factories.cast import assemble
from tests.factories.desk import Desk
from tests.factories.letters import EXAMPLES

COLUMNS = 78
LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|Undefined|\bNone\b|<built-in|object at 0x")
LOADS = re.compile(r"<(?:img|script|link|iframe|object|video|svg)\b|\bsrc=|url\(|@import|\bbackground=", re.IGNORECASE)
VOID = frozenset({"meta", "br", "hr"})
LINK = re.compile(r"https?://[^\s<>\"]+")
WORD = re.compile(r"[^\W_]+(?:[.@:/’-][^\W_]+)*")
FRAME = set(WORD.findall("be before cancelled confirmed for held here lapsed moved page postponed when where"))
"""Words of the frame around facts, in which plain text and HTML may differ."""


class Tags(HTMLParser):
    """Notes what is not closed in its turn, where links lead, and the words that people see."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.links: set[str] = set()
        self.unseen: list[bool] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links |= {value or "" for name, value in attrs if name == "href"}
        if tag not in VOID:
            self.open.append(tag)
            self.unseen.append(tag in {"style", "title"} or ("aria-hidden", "true") in attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")
        if self.unseen:
            self.unseen.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.unseen):
            self.words += f" {data}"


@pytest.fixture
def room(app: Flask) -> MailRoom:
    """The mail room, which bears nothing undefined."""
    return strict(app)


@pytest.fixture(scope="module")
def rowless_room(rowless: Flask) -> MailRoom:
    """The same, made once, for what is written without asking the database."""
    return strict(rowless)


def strict(app: Flask) -> MailRoom:
    """The mail room of an application, bearing nothing undefined."""
    room: MailRoom = app.extensions["mail_room"]
    pages = app.jinja_env.overlay(undefined=StrictUndefined)
    base_url = room.base_url
    return replace(room, render=lambda name, given: pages.get_template(name).render(base_url=base_url, **given))


def test_every_letter_has_an_example(rowless_room: MailRoom) -> None:
    assert set(EXAMPLES) == set(rowless_room.letters), "add the story of a new letter to tests/factories/letters.py"


def test_every_letter_can_be_asked_for_again(rowless_room: MailRoom) -> None:
    silent = {
        name for name, one in rowless_room.letters.items() if one.still_wanted is None and one.compose_all is None
    }
    assert silent == set(), "declare still_wanted, or compose_all: who marks a letter asks whether it is wanted"


@pytest.mark.parametrize("kind", EXAMPLES)
def test_letter_is_written_from_real_rows(app: Flask, session: Session, room: MailRoom, kind: str) -> None:
    desk = Desk(session, assemble(session), app.extensions["keepers"])
    EXAMPLES[kind](desk)
    session.commit()
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == kind)).all()
    written = [(row, said_now(session, row, room=room, now=desk.now)) for row in rows]
    bodies = [(row, body) for row, body in written if body is not None]
    assert bodies, f"nobody was written to, or it was not wanted any more: {[row.state for row in rows]}"
    opens = re.compile(rf"(?:{'|'.join(secret_places(app))})[\w.~%-]{{18,}}")
    for row, body in bodies:
        assert flaws(body) == []
        shown = without_secrets(body)
        assert opens.findall(shown.text + shown.html) == [], "whoever looks after letters reads what opens something"
        message = email.message_from_bytes(bytes_of(row, body, room=room), policy=email.policy.default)
        plain, html = (message.get_body((part,)) for part in ("plain", "html"))
        assert plain is not None
        assert html is not None
        assert str(message["Subject"]).strip() == body.subject


def test_every_address_that_opens_by_a_secret_is_hidden_from_others(app: Flask) -> None:
    for place in secret_places(app):
        told = f"Go on: https://programme.example.ac.uk{place}12-{'aB3_-' * 8}"
        assert "aB3_" not in without_keys(told), f"add {place} to SECRET_PLACES"


def secret_places(app: Flask) -> list[str]:
    """What addresses begin with that have a secret in them."""
    return sorted({rule.rule.split("<token>")[0] for rule in app.url_map.iter_rules() if "<token>" in rule.rule})


@pytest.mark.parametrize("kind", EXAMPLES)
def test_preview_of_a_kind_is_as_sound(rowless_room: MailRoom, kind: str) -> None:
    letter = rowless_room.letters[kind]
    assert letter.example is not None
    assert flaws(written(letter, letter.example(), room=rowless_room, stationery=Stationery())) == []


def flaws(body: Body) -> list[str]:
    """Say what is wrong with a letter."""
    tags = Tags()
    tags.feed(body.html)
    tags.close()
    return [
        *(f"left over: {found}" for text in (body.subject, body.text, body.html) for found in LEFT_OVER.findall(text)),
        *(["the subject is not one line"] if not body.subject or "\n" in body.subject else []),
        *(f"a long line: {line}" for line in body.text.splitlines() if len(line) > COLUMNS and not LINK.search(line)),
        *(["gaps in the text"] if "\n\n\n" in body.text or body.text != body.text.strip() + "\n" else []),
        *(f"trailing spaces: {line}" for line in body.text.splitlines() if line != line.rstrip()),
        *(f"loads: {found}" for found in LOADS.findall(body.html)),
        *(f"not closed: {tag}" for tag in tags.open),
        *tags.wrong,
        *(f"only in the HTML: {link}" for link in tags.links if link not in body.text),
        *(f"only in the text: {link}" for link in LINK.findall(body.text) if link not in tags.links),
        *(f"said in one of both: {word}" for word in (words(body.text) ^ words(tags.words)) - words(body.subject)),
    ]


def words(text: str) -> set[str]:
    """The words of a text, in small letters, without the addresses of links."""
    return {word.casefold() for word in WORD.findall(LINK.sub(" ", text))} - FRAME
