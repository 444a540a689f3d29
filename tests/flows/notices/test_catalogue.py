"""The catalogue is whole: every kind tells what it is, and its passages are what its templates say."""

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.config import ROOT
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Letter, MailRoom
from programme.engines.mail.wire.messages import Body
from programme.engines.mail.wording.passages import PLACEHOLDER, flaws, tidy
from programme.engines.mail.wording.stationery import Signatory, Stationery, written
from tests.conformance.rules import faults
from tests.conformance.strangers import STRANGERS
from tests.factories.cast import assemble
from tests.factories.desk import Desk
from tests.factories.letters import EXAMPLES

TEMPLATES = ROOT / "templates" / "letters"
HOUSE = Stationery(
    "The Corridor", (Signatory("University of the Mersey", "Mersey", "post@mersey.example", is_university=True),)
)


@pytest.fixture
def room(rowless: Flask) -> MailRoom:
    """What delivery has; a letter is written without asking the database."""
    found: MailRoom = rowless.extensions["mail_room"]
    return found


def test_every_kind_is_described(room: MailRoom) -> None:
    silent = [name for name, one in room.letters.items() if not (one.description.about and one.description.to)]
    assert silent == [], "say in flows/notices/described/ when it is sent, and to whom"
    assert [name for name, one in room.letters.items() if not one.description.about.endswith(".")] == []
    assert [name for name, one in room.letters.items() if one.example is None] == []


def test_our_own_words_have_no_flaw(room: MailRoom) -> None:
    for letter in room.letters.values():
        for passage in letter.description.passages:
            assert flaws(passage.text, passage=passage, description=letter.description) == []
            assert passage.text == tidy(passage.text)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_passage_stands_in_both_parts_of_its_letter(room: MailRoom, kind: str) -> None:
    folder, shared = TEMPLATES / kind, (TEMPLATES / "place.txt").read_text(encoding="utf-8")
    subject, text, html = ((folder / part).read_text(encoding="utf-8") for part in PARTS)
    for passage in room.letters[kind].description.passages:
        places = (subject,) if passage.is_subject else (text + shared, html)
        assert [f"passages.{passage.name}" in place for place in places] == [True] * len(places), passage.name


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_placeholder_stands_for_something(room: MailRoom, kind: str) -> None:
    letter = room.letters[kind]
    every = "".join(f"<{{{one.name}}}>" for one in letter.description.placeholders)
    for passage in letter.description.passages:
        body = said(letter, room, {passage.name: every[:2000]})
        told = body.subject if passage.is_subject else body.text
        known = {one.name for one in letter.description.offered(passage)}
        assert {name for name in PLACEHOLDER.findall(told) if name in known} == set()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_rows_carry_what_the_kind_needs_and_files_are_named(app: Flask, session: Session, kind: str) -> None:
    desk = Desk(session, assemble(session), app.extensions["keepers"])
    EXAMPLES[kind](desk)
    session.commit()
    letter: Letter = app.extensions["mail_room"].letters[kind]
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == kind)).all()
    composed = [letter.compose(session, row, now=desk.now) for row in rows]
    assert [row.id for row in rows if not letter.description.needs <= row.context.keys()] == []
    files = [file for one in composed if one for file in one.attachments]
    assert bool(files) == bool(letter.description.calendar)
    for file in files:
        if file.media_type == "text/calendar":
            assert faults(file.content, method=file.method) == []
            readings = [read(file.content) for read in STRANGERS.values()]
            assert readings[0]
            assert readings == [readings[0]] * len(STRANGERS)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_who_signs_comes_from_the_organisations(room: MailRoom, kind: str) -> None:
    body = said(room.letters[kind], room, {})
    for part in (body.text, body.html):
        assert "The Corridor: University of the Mersey (post@mersey.example)" in part.replace("\n", " ")


def test_only_templates_for_it_carry_styles() -> None:
    styled = {path.name for path in TEMPLATES.rglob("*.html") if "style=" in path.read_text(encoding="utf-8")}
    assert styled == {"facts.html"}


PARTS = ("subject.txt", "text.txt", "html.html")


def said(letter: Letter, room: MailRoom, own: dict[str, str]) -> Body:
    """The example of a kind in an installation's own words."""
    assert letter.example is not None
    wording = {(letter.name, passage): text for passage, text in own.items()}
    stationery = Stationery(HOUSE.programme, HOUSE.signatories, wording)
    return written(letter, letter.example(), room=room, stationery=stationery)


def test_reminder_may_be_written_once_with_blanks_for_what_is_each_persons_own(room: MailRoom) -> None:
    letter = room.letters["event_reminder"]
    assert letter.example is not None
    own = {"name": "Zoë O’Hara & Co <b>", "manage_url": "https://programme.example.ac.uk/registrations/7-x"}
    blanks = {"name": "BLANK7name", "manage_url": "BLANK7url"}
    wording = {(letter.name, "opening"): "Hello {name}! {title}", (letter.name, "subject"): "{title}"}
    once, each = (
        written(letter, {**letter.example(), **given}, room=room, stationery=Stationery(wording=wording))
        for given in (blanks, own)
    )
    html = once.html
    for key, blank in blanks.items():
        assert blank in once.text
        html = html.replace(blank, str(escape(own[key])))
    assert html == each.html
    assert once.subject == each.subject
