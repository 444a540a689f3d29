"""Sending a draft, being reminded of it, and how it goes."""

import io
import json
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.documents.models import Document
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.drafts.keeping import DRAFTS
from programme.engines.registration.models import Opening
from programme.engines.registration.states import Eligibility
from programme.flows.answering.drafts import remind_of_drafts
from programme.flows.keeping.taking_away import everything
from programme.people.keeping.ports import Subject, Times
from tests.bed.clock import Clock
from tests.factories import files
from tests.factories.cast import Cast
from tests.screens.registrations.conftest import letters, registrations
from tests.screens.registrations.drafts.conftest import SOME, Begin, drafts, save, secrets
from tests.screens.registrations.files.conftest import held_in


def whole(asked: list[Question], **more: str) -> dict[str, str]:
    """The form, answered in full."""
    answered = {f"q{row.id}": f"Answer {number}" for number, row in enumerate(asked[:-1])}
    return {"name": "Gwen Guest", "email": "gwen@example.org", **answered, **more}


def test_a_draft_holds_no_place_and_sending_it_registers_with_its_file(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here = begin(**{f"q{asked[-1].id}": (io.BytesIO(files.PDF), "cv.pdf")})
    assert registrations(session) == []
    held = held_in(client.get(here).text, asked[-1])
    data = whole(asked, revision="1", **{f"q{asked[-1].id}": held})
    sent = client.post(f"{here}/registration", data=data)
    assert sent.status_code == 303
    assert sent.location.endswith("/registration/sent")
    (row,) = registrations(session)
    assert row.address == "gwen@example.org"
    assert drafts(session) == []
    assert len(session.scalars(select(Answer.id)).all()) == SOME + 1
    assert session.scalars(select(Document.subject_kind)).all() == ["answer_sheet"]
    assert ("registration_confirmed", "gwen@example.org") in letters(session)


def test_of_an_address_on_no_list_the_page_tells_nothing_and_what_was_typed_is_kept_whole(
    client: FlaskClient, session: Session, opening: Opening, begin: Begin, asked: list[Question]
) -> None:
    session.get_one(Opening, opening.id).eligibility = Eligibility.ADDRESSES
    session.commit()
    here = begin(**{f"q{asked[-1].id}": (io.BytesIO(files.PDF), "cv.pdf")})
    data = whole(asked, revision="1", **{f"q{asked[-1].id}": held_in(client.get(here).text, asked[-1])})
    sent = client.post(f"{here}/registration", data=data)
    assert (sent.status_code, sent.location.endswith("/registration/sent")) == (303, True)
    assert registrations(session) == []
    assert [row.texts["name"] for row in drafts(session)] == [["Gwen Guest"]]
    assert session.scalars(select(Document.subject_kind)).all() == ["draft"]
    assert letters(session)[-1] == ("address_not_listed", "gwen@example.org")


def test_what_is_missing_is_said_and_neither_the_form_nor_the_draft_is_lost(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here = begin(**{f"q{asked[-1].id}": (io.BytesIO(files.PDF), "cv.pdf")})
    held = held_in(client.get(here).text, asked[-1])
    data = {**whole(asked, revision="1"), f"q{asked[3].id}": "", f"q{asked[-1].id}": held}
    refused = client.post(f"{here}/registration", data=data)
    assert refused.status_code == 422
    assert "Answer this question: Question 3" in refused.text
    assert 'value="Answer 4"' in refused.text
    assert "cv.pdf</b> (1 KB) is here already" in refused.text
    assert [row.revision for row in drafts(session)] == [1]
    assert registrations(session) == []


def test_an_old_window_does_not_send_what_another_has_changed(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here = begin()
    save(client, here, revision=1)
    told = client.post(f"{here}/registration", data=whole(asked, revision="1"))
    assert told.status_code == 422
    assert "Another window saved this form" in told.text
    assert 'value="Answer 4"' in told.text
    assert registrations(session) == []


def test_sent_twice_it_registers_once_and_says_so(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here = begin()
    data = whole(asked, revision="1", form_key="once")
    assert client.post(f"{here}/registration", data=data).status_code == 303
    again = client.post(f"{here}/registration", data=data)
    assert again.status_code == 410
    assert "a letter says where you stand" in again.text
    behind = client.post(here, data=data, headers={"Accept": "application/json"})
    assert (behind.status_code, behind.json) == (410, {"said": "This form was sent or thrown away in another window."})
    assert len(registrations(session)) == 1


def test_drafts_are_reminded_of_once_before_closing(
    session: Session, clock: Clock, opening: Opening, begin: Begin
) -> None:
    begin()
    closes_at = session.get_one(Opening, opening.id).closes_at
    assert closes_at is not None
    counts = []
    for before in (timedelta(days=4), timedelta(days=2), timedelta(days=1)):
        session.rollback()
        begin_writing(session)
        counts.append(remind_of_drafts(session, closes_at - before))
        session.commit()
    assert counts == [0, 1, 0]
    assert secrets(session) == ["draft_begun gwen@example.org", "draft_waiting gwen@example.org"]


def test_a_moved_closing_is_reminded_of_anew(session: Session, opening: Opening, begin: Begin) -> None:
    begin()
    row = session.get_one(Opening, opening.id)
    for _ in range(2):
        assert row.closes_at is not None
        assert remind_of_drafts(session, row.closes_at - timedelta(days=1)) == 1
        row.closes_at += timedelta(days=30)
        session.flush()


def test_drafts_go_two_weeks_after_closing(session: Session, opening: Opening, begin: Begin) -> None:
    begin()
    closes_at = session.get_one(Opening, opening.id).closes_at
    assert closes_at is not None
    assert DRAFTS.retire(session, Times(), now=closes_at + timedelta(days=13)) == 0
    assert DRAFTS.retire(session, Times(), now=closes_at + timedelta(days=15)) == 1
    session.commit()
    assert drafts(session) == []


def test_drafts_are_told_and_erased_with_everything_else(
    app: Flask, session: Session, people: Cast, alice: FlaskClient, begin: Begin, clock: Clock
) -> None:
    begin(browser=alice, email=people.alice.address)
    begin()
    session.rollback()
    told = json.loads("".join(everything(session, people.alice.id, app.extensions["keepers"], now=clock.now)))
    (found,) = told["forms not sent yet"]
    assert found["answers"] == [{"question": "Question 0", "typed": ["Tides"]}]
    who = Subject(people.alice.id, people.alice.name, people.alice.address, people.alice.address_key)
    DRAFTS.erase(session, who, now=clock.now)
    session.commit()
    assert [row.address for row in drafts(session)] == ["gwen@example.org"]
