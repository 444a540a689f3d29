"""What is kept of applicants, referees and reviewers is told to them, and goes with them."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.documents.models import Document
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.keeping.namelessness import make_nameless
from programme.engines.registration.models import Registration
from programme.flows.keeping.erasing import erase_person
from programme.flows.keeping.retention import forget
from programme.flows.keeping.taking_away import subject_of
from programme.people.keeping.ports import Times
from programme.people.models import Person
from programme.strands.cohorts.admission.keeping import ADMISSIONS
from programme.strands.cohorts.admission.reviewing.actions import declare, score
from programme.strands.cohorts.admission.states import Conflict
from programme.strands.cohorts.models import AdmissionReviewer, Reference, Review, ReviewScore
from tests.factories import admissions, cast
from tests.factories.admissions import NOW, ROWAN
from tests.factories.browsers import look_again
from tests.factories.files import PDF
from tests.strands.cohorts.admission.conftest import Called
from tests.strands.cohorts.admission.test_referees import WORDS, link_of

HEARD = "Down the corridor, they say."


@pytest.fixture
def said(called: Called, session: Session, app: Flask) -> Called:
    """Rowan wrote about Alice, with a file; Charlie scored her application."""
    people = called.people
    rowan = admissions.asked(session, called.alice)[0]
    given: dict[str, Any] = {"address": people.charlie.address, "university": people.oxford}
    review = admissions.given(
        session, called.alice, admissions.reviewer(session, called.admission, people, **given), people
    )
    declare(session, review.id, Conflict.NONE, words="", actor=called.olga, now=NOW)
    score(session, review.id, {called.admission.criteria[0].id: 6}, words=HEARD, actor=called.olga, now=NOW)
    session.commit()
    file = (io.BytesIO(PDF), "Reference.pdf")
    sent = {"text": WORDS, "file": file, "do": "send"}
    app.test_client().post(link_of(app, rowan), data=sent, content_type="multipart/form-data")
    session.expire_all()
    return called


def held(session: Session, who: Person) -> str:
    """Everything that admission tells somebody."""
    sections = {one.name: list(one.rows) for one in ADMISSIONS.held(session, subject_of(who))}
    return json.dumps(sections)


def left(session: Session) -> dict[str, int]:
    """How many rows there are of what was said."""
    tables = (Reference, AdmissionReviewer, Review, ReviewScore)
    return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


def files(session: Session) -> int:
    """How many files of references there are that nobody has forgotten."""
    kept = (Document.subject_kind == "reference", Document.forgotten_at.is_(None))
    return session.scalar(select(func.count()).select_from(Document).where(*kept)) or 0


def test_each_is_told_what_is_theirs(said: Called, session: Session) -> None:
    people = said.people
    rowan = cast.person(session, ROWAN.name, ROWAN.address)
    own = held(session, people.alice)
    assert ROWAN.address in own
    assert WORDS not in own
    assert HEARD not in own
    assert WORDS in held(session, rowan)
    assert HEARD in held(session, people.charlie)
    assert "Alice" not in held(session, people.charlie)
    assert held(session, people.bob) == json.dumps(
        {"referees you named": [], "references asked of you": [], "applications you review": []}
    )


def test_what_was_said_of_an_applicant_goes_with_them(said: Called, app: Flask, session: Session) -> None:
    assert list(ADMISSIONS.fates(session, subject_of(said.people.alice)))
    erase_person(session, said.people.alice, app.extensions["keepers"], actor=said.olga, now=NOW)
    session.commit()
    assert left(session) == {"reference": 0, "admission_reviewer": 1, "review": 0, "review_score": 0}
    assert files(session) == 0


def test_what_a_referee_wrote_goes_with_them(said: Called, app: Flask, session: Session) -> None:
    rowan = cast.person(session, ROWAN.name, ROWAN.address)
    session.commit()
    erase_person(session, rowan, app.extensions["keepers"], actor=said.olga, now=NOW)
    session.commit()
    assert (left(session)["reference"], files(session)) == (1, 0), "the other referee's stays"
    assert session.scalars(select(Reference.address)).all() != [ROWAN.address]


def test_a_reviewer_goes_with_their_scores(said: Called, app: Flask, session: Session) -> None:
    erase_person(session, said.people.charlie, app.extensions["keepers"], actor=said.olga, now=NOW)
    session.commit()
    assert left(session) == {"reference": 2, "admission_reviewer": 0, "review": 0, "review_score": 0}


def test_nothing_said_of_an_application_outlives_its_name(said: Called, session: Session) -> None:
    assert ADMISSIONS.retire(session, Times(), now=NOW) == 0
    make_nameless(session, [said.alice.id], now=NOW)
    assert ADMISSIONS.retire(session, Times(), now=NOW) == 1
    assert left(session) == {"reference": 0, "admission_reviewer": 1, "review": 0, "review_score": 0}
    assert files(session) == 0


def test_what_was_said_goes_at_once_with_the_one_application_that_is_deleted(
    said: Called, app: Flask, session: Session
) -> None:
    said.people.alice.signed_in_at = NOW
    session.commit()
    link = app.extensions["links"].path(said.alice)
    browser = app.test_client()
    asked = browser.get(f"{link}/erasure").text
    for words in ("There is more under this address", "2 references about you", "What reviewers said of your"):
        assert words in asked
    letters = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.subject_kind == "reference")
    assert session.scalar(letters)
    answer = browser.post(f"{link}/erasure", follow_redirects=True)
    assert "What this registration held on you is deleted" in answer.text
    look_again(session)
    assert left(session) == {"reference": 0, "admission_reviewer": 1, "review": 0, "review_score": 0}
    assert (files(session), session.scalar(letters)) == (0, 0)
    assert session.get(Person, said.people.alice.id) is not None, "whose account stays"


def test_what_was_said_goes_in_the_turn_in_which_applications_lose_their_names(
    said: Called, app: Flask, session: Session
) -> None:
    times = Times(registrations=1)
    closes_at = said.admission.opening.closes_at
    assert closes_at is not None
    forget(session, app.extensions["keepers"], times, now=closes_at + times.registered + timedelta(days=1))
    session.commit()
    assert session.get_one(Registration, said.alice.id).person_id is None
    assert left(session)["reference"] == 0
