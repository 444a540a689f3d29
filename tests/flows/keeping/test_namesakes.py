"""Letters to others lose the name of whoever is deleted, and keep words in which that name happens to stand."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.keeping.plugs import LETTERS
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.written import bodies
from programme.engines.mail.written.models import LetterBody
from programme.people.keeping.ports import Subject
from tests.factories.cast import LONG_AGO

SAID = {
    "annual": ("Annual report", "The annual meeting of Joann Holt and Ann Holton, joann@example.org."),
    "named": ("What Ann Holt wrote", "Nothing."),
    "broken": ("News", "It was Ann\n  Holt who came."),
    "address": ("News", "Write to ann@example.org."),
}


@pytest.fixture
def said(session: Session) -> None:
    """Letters to Bob, and what they said."""
    for key, (subject, text) in SAID.items():
        post(session, Post("plain", key, Recipient("bob@example.org"), ("person", 7)), now=LONG_AGO)
        row = session.scalars(select(OutboxMessage).where(OutboxMessage.dedup_key == key)).one()
        body = LetterBody(digest=key, subject_line=subject, text=text, html=text, made_at=LONG_AGO)
        session.add(body)
        session.flush()
        row.subject_line, row.body_id = subject, body.id
    session.commit()


def left(session: Session, name: str) -> dict[str, str]:
    """Delete Ann by a name; returns the subjects of letters whose text is still kept."""
    LETTERS.erase(session, Subject(1, name, "ann@example.org", "ann@example.org"), now=LONG_AGO)
    session.commit()
    rows = session.execute(select(OutboxMessage.dedup_key, OutboxMessage.subject_line, OutboxMessage.body_id))
    return {row.dedup_key: row.subject_line for row in rows if row.body_id}


def test_name_of_one_word_takes_no_letter_along_and_the_address_does(session: Session, said: None) -> None:
    assert left(session, "Ann") == {key: SAID[key][0] for key in ("annual", "named", "broken")}


def test_full_name_is_found_across_lines_and_not_within_other_words(
    session: Session, said: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "PART", 1)
    assert left(session, "Ann Holt") == {"annual": "Annual report"}
    subject = select(OutboxMessage.subject_line).where(OutboxMessage.dedup_key == "named")
    assert session.scalars(subject).one() == "What (deleted) wrote"
