"""Saving a long form as one goes: half-filled, with its file, from two windows, and behind the page."""

import io

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from programme.core.audit import note
from programme.engines.documents.models import Document
from programme.engines.questionnaire import actions
from programme.engines.questionnaire.models import Question, Questionnaire
from programme.engines.registration.models import Opening
from programme.engines.registration.states import OpeningState
from programme.people.permissions import NOBODY
from tests.bed.clock import Clock
from tests.factories import files
from tests.factories.cast import LONG_AGO, Cast
from tests.screens.registrations.conftest import Send, registrations
from tests.screens.registrations.drafts.conftest import Begin, drafts, save, secrets

JSON = {"Accept": "application/json"}


def said_in(answer: TestResponse) -> str:
    """What the page is told."""
    return str(answer.get_json()["said"])


def test_a_short_form_offers_no_saving_and_a_long_one_does(
    client: FlaskClient, session: Session, opening: Opening
) -> None:
    page = f"/openings/{opening.id}/registration"
    assert "Save and go on later" not in client.get(page, follow_redirects=True).text


def test_a_long_form_offers_saving(client: FlaskClient, opening: Opening, asked: list[Question]) -> None:
    page = client.get(f"/openings/{opening.id}/registration", follow_redirects=True).text
    assert f'formaction="/openings/{opening.id}/drafts"' in page


def test_what_was_typed_comes_back_by_the_link_right_or_wrong(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here = begin(**{f"q{asked[1].id}": "x" * 600, "organisation": "oxford"})
    assert secrets(session) == ["draft_begun gwen@example.org"]
    page = client.get(here).text
    assert "Saved, not sent yet." in page
    assert 'value="Tides"' in page
    assert "x" * 600 in page
    assert 'value="oxford" checked' in page
    assert "to put right" not in page
    assert registrations(session) == []


def test_an_address_is_needed_and_nothing_typed_is_lost_without_one(
    client: FlaskClient, session: Session, opening: Opening, asked: list[Question]
) -> None:
    data = {"email": "gwen", f"q{asked[0].id}": "Tides"}
    refused = client.post(f"/openings/{opening.id}/drafts", data=data)
    assert refused.status_code == 422
    assert "Enter your e-mail address: we send the link there" in refused.text
    assert 'value="Tides"' in refused.text
    assert drafts(session) == []


def test_a_file_is_saved_with_the_form(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here = begin(**{f"q{asked[-1].id}": (io.BytesIO(files.PDF), "cv.pdf")})
    assert "cv.pdf</b> (1 KB) is here already" in client.get(here).text
    session.rollback()
    assert session.scalars(select(Document.subject_kind)).all() == ["draft"]
    save(client, here, revision=1)
    session.rollback()
    assert session.scalars(select(Document.subject_kind)).all() == [""], "the form held it no more"


def test_a_bad_file_is_told_and_the_rest_is_saved(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here = begin(**{f"q{asked[-1].id}": (io.BytesIO(files.HTML), "cv.pdf")})
    page = client.get(here).text
    assert "“cv.pdf” is not what its name says" in page
    assert 'value="Tides"' in page


def test_of_two_windows_the_second_is_told_and_nothing_reverts_silently(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here, field = begin(), f"q{asked[0].id}"
    assert save(client, here, revision=1, **{field: "First"}).status_code == 303
    told = save(client, here, revision=1, **{field: "Second"})
    assert told.status_code == 422
    assert "Another window saved this form at" in told.text
    assert 'value="Second"' in told.text
    assert 'name="revision" value="2"' in told.text
    assert drafts(session)[0].texts[field] == ["First"]
    assert save(client, here, revision=2, **{field: "Second"}).status_code == 303
    assert drafts(session)[0].texts[field] == ["Second"]


def test_the_page_saves_behind_itself_and_is_told_of_another_window(
    client: FlaskClient, session: Session, begin: Begin, asked: list[Question]
) -> None:
    here, field = begin(), f"q{asked[0].id}"
    data = {"email": "gwen@example.org", field: "More", "revision": "1"}
    saved = client.post(here, data=data, headers=JSON)
    assert saved.json == {"revision": 2, "said": "Saved at 09:00 GMT, not sent yet."}
    told = client.post(here, data={**data, field: "Less"}, headers=JSON)
    assert told.status_code == 409
    assert "Another window" in said_in(told)
    assert drafts(session)[0].texts[field] == ["More"]
    wrong = client.post(here, data={**data, "email": "gwen"}, headers=JSON)
    assert (wrong.status_code, said_in(wrong).split(":")[0]) == (422, "Enter your e-mail address")


def test_a_changed_question_keeps_what_was_typed_in_its_place(
    client: FlaskClient, session: Session, opening: Opening, begin: Begin, send: Send, asked: list[Question]
) -> None:
    here = begin()
    send(opening, email="other@example.org", **{f"q{row.id}": "Something" for row in asked[:-1]})
    form = session.get_one(Questionnaire, asked[0].questionnaire_id)
    session.expire_all()
    changed = actions.change_question(session, asked[0], label="Question 0, put better")
    note(session, opening, "changed a question", actor=NOBODY, now=LONG_AGO)
    session.commit()
    assert form.version == 2
    assert changed.id != asked[0].id
    page = client.get(here).text
    assert "The organisers have changed the form since." in page
    assert f'name="q{changed.id}" required type="text" value="Tides"' in page


def test_links_are_secret_and_saving_needs_an_open_window(
    client: FlaskClient, session: Session, opening: Opening, begin: Begin, asked: list[Question]
) -> None:
    here = begin()
    assert client.get(here[:-1] + ("A" if here[-1] != "A" else "B")).status_code == 404
    assert client.get("/drafts/999-abc").status_code == 404
    row = session.get_one(Opening, opening.id)
    row.state = OpeningState.CLOSED
    session.commit()
    data = {"email": "gwen@example.org", f"q{asked[0].id}": "Late"}
    closed = client.post(f"/openings/{opening.id}/drafts", data=data)
    assert closed.status_code == 422
    assert "Registration has closed." in closed.text


def test_an_address_gets_only_so_many_links_in_an_hour(
    client: FlaskClient, session: Session, clock: Clock, opening: Opening, begin: Begin
) -> None:
    for _ in range(5):
        begin()
    refused = client.post(f"/openings/{opening.id}/drafts", data={"email": "Gwen@example.org"})
    assert "Look for them in your mail" in refused.text
    clock.forward(hours=2)
    begin()
    assert len(drafts(session)) == 6


def test_another_address_gets_the_link_too(client: FlaskClient, session: Session, begin: Begin) -> None:
    here = begin()
    save(client, here, revision=1, email="gwendolen@example.org")
    assert secrets(session) == ["draft_begun gwen@example.org", "draft_begun gwendolen@example.org"]


def test_a_draft_is_thrown_away(client: FlaskClient, session: Session, begin: Begin) -> None:
    here = begin()
    assert client.post(f"{here}/removal").status_code == 303
    assert drafts(session) == []
    gone = client.get(here)
    assert gone.status_code == 410
    assert "sent or thrown away" in gone.text


def test_whoever_is_signed_in_finds_it_in_their_programme_and_at_the_form(
    client: FlaskClient, people: Cast, alice: FlaskClient, opening: Opening, begin: Begin
) -> None:
    here = begin(browser=alice, email=people.alice.address)
    mine = alice.get("/me").text
    form = f"/openings/{opening.id}/registration"
    assert "Not sent yet" in mine
    assert here in mine
    assert here in alice.get(form, follow_redirects=True).text
    assert "You began this form" not in client.get(form, follow_redirects=True).text
