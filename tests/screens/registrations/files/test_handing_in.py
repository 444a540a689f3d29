"""Handing in files with a form: kept while the rest is put right, refused in sentences, and never anybody else's."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.documents.models import Document
from programme.engines.questionnaire import actions
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.models import Opening
from tests.factories import files
from tests.screens.registrations.conftest import page_of, registrations
from tests.screens.registrations.files.conftest import CV, PROOF, SendFiles, held_in, lying


def answers(session: Session) -> list[str]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Answer.text).order_by(Answer.question_id)))


def documents(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.execute(select(Document.name, Document.subject_kind).order_by(Document.id))
    return [(name, kind) for name, kind in rows]


def test_a_form_says_what_may_be_handed_in(client: FlaskClient, address: str, asked: dict[str, Question]) -> None:
    page = client.get(address, follow_redirects=True).text
    assert 'enctype="multipart/form-data"' in page
    assert "A PDF or a Word text (.docx), 1 MB at most." in page
    assert 'accept=".pdf,.docx"' in page


def test_a_file_belongs_to_the_answer_it_was_sent_with(
    app: Flask, session: Session, address: str, hand_in: SendFiles
) -> None:
    assert hand_in(address, why="To learn", cv=CV, proof=PROOF).status_code == 303
    assert answers(session) == ["To learn", "My CV.pdf (1 KB)", "proof.png (1 KB)"]
    assert documents(session) == [("My CV.pdf", "answer_sheet"), ("proof.png", "answer_sheet")]
    assert len(lying(app)) == 2


def test_a_required_file_is_asked_for(session: Session, address: str, hand_in: SendFiles) -> None:
    refused = hand_in(address, why="To learn")
    assert refused.status_code == 422
    assert "Choose a file: Your CV" in refused.text
    assert registrations(session) == []


def test_a_file_sent_well_is_not_lost_while_the_rest_is_put_right(
    session: Session, address: str, hand_in: SendFiles, asked: dict[str, Question]
) -> None:
    refused = hand_in(address, why="", cv=CV, proof=("proof.png", files.PDF))
    assert refused.status_code == 422
    assert "Answer this question: Why?" in refused.text
    assert "“proof.png” is not what its name says" in refused.text
    assert "My CV.pdf</b> (1 KB) is here already" in refused.text
    held = held_in(refused.text, asked["cv"])
    again = hand_in(address, why="To learn", cv=held, proof=("proof.png", files.HTML))
    assert again.status_code == 422
    assert "My CV.pdf</b> (1 KB) is here already" in again.text
    assert 'value="To learn"' in again.text
    assert hand_in(address, why="To learn", cv=held_in(again.text, asked["cv"])).status_code == 303
    assert answers(session) == ["To learn", "My CV.pdf (1 KB)"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (("cv.pdf", files.HTML), "“cv.pdf” is not what its name says: inside it is not a PDF"),
        (("cv.exe", files.PROGRAM), "“cv.exe” is not a file that we can take here"),
        (("cv.png", files.PNG), "Choose a PDF or a Word text (.docx)"),
        (("cv.pdf", b""), "“cv.pdf” is empty"),
        (("cv.pdf", files.PDF + bytes(1_500_000)), "“cv.pdf” is too large: 1 MB is the most"),
    ],
)
def test_a_file_that_cannot_be_taken_is_answered_with_a_sentence(
    app: Flask, session: Session, address: str, hand_in: SendFiles, file: tuple[str, bytes], sentence: str
) -> None:
    refused = hand_in(address, why="To learn everything", cv=file)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert 'value="To learn everything"' in refused.text
    assert lying(app) == []
    assert registrations(session) == []


def test_a_file_of_somebody_else_cannot_be_claimed(
    session: Session, address: str, hand_in: SendFiles, asked: dict[str, Question]
) -> None:
    hand_in(address, why="To learn", cv=CV)
    session.rollback()
    token = session.scalars(select(Document.token)).one()
    refused = hand_in(address, email="thief@example.org", form_key="k2", why="Mine", cv=f"{token} 51 My CV.pdf")
    assert refused.status_code == 422
    assert "The file “My CV.pdf” is not kept any more. Choose it again." in refused.text
    invented = hand_in(address, email="thief@example.org", form_key="k2", why="Mine", cv=f"{'0' * 40} 51 x.pdf")
    assert "The file “x.pdf” is not kept any more" in invented.text
    nonsense = hand_in(address, email="thief@example.org", form_key="k2", why="Mine", cv="what")
    assert nonsense.status_code == 422
    assert len(registrations(session)) == 1


def test_a_file_is_replaced_kept_or_taken_out_with_the_answers(
    app: Flask, session: Session, address: str, client: FlaskClient, hand_in: SendFiles, asked: dict[str, Question]
) -> None:
    hand_in(address, why="To learn", cv=CV, proof=PROOF)
    here = f"{page_of(app, registrations(session)[0])}/answers"
    page = client.get(here).text
    held = {name: held_in(page, asked[name]) for name in ("cv", "proof")}
    assert hand_in(here, why="To teach", **held).status_code == 303
    assert answers(session) == ["To teach", "My CV.pdf (1 KB)", "proof.png (1 KB)"]
    out = {f"q{asked['proof'].id}-none": "y"}
    assert hand_in(here, why="To teach", cv=("New.docx", files.word()), proof=held["proof"], **out).status_code == 303
    assert answers(session) == ["To teach", "New.docx (1 KB)"]
    assert sorted(documents(session)) == [("", ""), ("", ""), ("New.docx", "answer_sheet")]


def test_a_file_that_is_not_asked_for_is_not_kept(
    session: Session, opening: Opening, address: str, hand_in: SendFiles, asked: dict[str, Question]
) -> None:
    form = opening.questionnaire
    assert form is not None
    actions.retire_question(session, asked["proof"])
    session.commit()
    assert hand_in(address, why="To learn", cv=CV, proof=PROOF).status_code == 303
    assert documents(session) == [("My CV.pdf", "answer_sheet")]


def test_a_form_far_too_large_is_not_read_at_all(session: Session, address: str, hand_in: SendFiles) -> None:
    huge = hand_in(address, why="To learn", cv=("cv.pdf", files.PDF + bytes(60_000_000)))
    assert huge.status_code == 413
    assert "too large" in huge.text
    assert registrations(session) == []
