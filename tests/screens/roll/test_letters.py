"""Writing to all or some: previewed, counted, sent once."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.mail.models import OutboxMessage
from tests.screens.roll.conftest import Evening, letters, text_of

LETTER = {"once": "k1", "subject": "What to bring", "text": "Bring a card.\n\n- a pen\n- https://example.ac.uk/map"}


def test_preview_shows_a_real_letter_and_the_count_and_sends_nothing(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    page = text_of(olga.post(f"{evening.home}/letters/preview", data={**LETTER, "state": ["confirmed"]}))
    for words in ("As Alice Aldgrove will get it", "Dear Alice Aldgrove", "Send 2 letters", "exchange@liverpool"):
        assert words in page
    assert "/registrations/hidden" in page
    assert letters(session) == []


def test_letters_go_to_those_chosen_once(evening: Evening, olga: FlaskClient, session: Session) -> None:
    chosen = {**LETTER, "state": ["confirmed", "waiting"]}
    assert "3 letters on the way." in text_of(olga.post(f"{evening.home}/letters", data=chosen, follow_redirects=True))
    again = text_of(olga.post(f"{evening.home}/letters", data=chosen, follow_redirects=True))
    assert "on its way already" in again
    rows = session.scalars(select(OutboxMessage)).all()
    assert {row.letter for row in rows} == {"organiser_message"}
    assert {row.reply_to for row in rows} == {"exchange@liverpool.example.ac.uk"}
    assert len(rows) == 3
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "wrote to people")).one()
    assert entry.after == {"subject": LETTER["subject"], "text": LETTER["text"], "letters": 3}


def test_letters_go_to_those_ticked_only(evening: Evening, olga: FlaskClient, session: Session) -> None:
    led = olga.get(f"{evening.home}/decision?do=letter&id={evening.bob.id}")
    assert "To 1 person" in text_of(olga.get(led.location))
    olga.post(f"{evening.home}/letters", data={**LETTER, "id": [evening.bob.id]})
    assert letters(session) == [("organiser_message", "bob@oxford.example.ac.uk")]


def test_letters_by_university_and_attendance(evening: Evening, olga: FlaskClient, session: Session) -> None:
    olga.post(f"{evening.home}/attendance", data={"id": [evening.alice.id], "do": "present"})
    olga.post(f"{evening.home}/letters", data={**LETTER, "attendance": "present"})
    olga.post(f"{evening.home}/letters", data={**LETTER, "once": "k2", "home": "oxford"})
    assert [to for _, to in letters(session)] == ["alice@liverpool.example.ac.uk", "bob@oxford.example.ac.uk"]


def test_letter_changed_since_it_was_seen_is_shown_again(evening: Evening, olga: FlaskClient, session: Session) -> None:
    to = {"state": ["confirmed"]}
    page = text_of(olga.post(f"{evening.home}/letters/preview", data={**LETTER, **to}))
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    changed = {**LETTER, **to, "text": "Bring two cards.", "seen": seen[1]}
    assert "Send 2 letters" in text_of(olga.post(f"{evening.home}/letters", data=changed))
    assert letters(session) == []
    olga.post(f"{evening.home}/letters", data={**LETTER, **to, "seen": seen[1]})
    assert len(letters(session)) == 2


def test_writing_to_nobody_is_refused_and_keeps_the_text(evening: Evening, olga: FlaskClient, session: Session) -> None:
    for address in ("/letters", "/letters/preview"):
        answer = olga.post(f"{evening.home}{address}", data={**LETTER, "state": ["lapsed"]})
        assert answer.status_code == 422
        page = text_of(answer)
        assert "There is nobody to write to" in page
        assert "Bring a card." in page
        assert olga.post(f"{evening.home}{address}", data=LETTER).status_code == 422
    assert letters(session) == []


def test_hostile_values_are_answered_and_never_break(evening: Evening, olga: FlaskClient, session: Session) -> None:
    for hostile in ({"home": "a\0b"}, {"q": "\0"}, {"once": "x" * 9_000}, {"id": str(2**63)}, {"state": "\0"}):
        answer = olga.post(f"{evening.home}/letters", data={**LETTER, "home": "oxford", **hostile})
        assert answer.status_code in {303, 422}, hostile
    for verb in ("/refusals", "/people", "/people/list", "/questions", "/edit"):
        nonsense = {
            "id": evening.charlie.id,
            "reason": "\0",
            "name": "\0",
            "people": "\0",
            "label": "\0",
            "title": "\0",
        }
        assert olga.post(evening.home + verb, data=nonsense).status_code == 422, verb
    note = olga.post(f"/organise/registrations/{evening.charlie.id}/notes", data={"note": "\0"})
    assert note.status_code == 422
