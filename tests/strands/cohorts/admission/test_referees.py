"""References: named by the applicant, asked by a link, written without an account, and never read by the applicant."""

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.documents.models import Document
from programme.engines.documents.queries import document_of
from programme.flows.registering import cancel_registration
from programme.strands.cohorts.admission.referees.actions import (
    name_referees,
    remind_before_the_end,
    remind_referees,
)
from programme.strands.cohorts.admission.referees.naming import Named
from programme.strands.cohorts.admission.states import ReferenceState
from programme.strands.cohorts.models import Reference
from tests.bed.clock import Clock
from tests.factories import admissions
from tests.factories.admissions import REFERENCES_BY, ROWAN, SASHA
from tests.factories.files import HTML, PDF
from tests.strands.cohorts.admission.conftest import As, Called, letters

if TYPE_CHECKING:
    from programme.strands.cohorts.admission.referees.links import ReferenceLinks

S = ReferenceState
WORDS = "I have known Alice for three years, and would take her on again."


def link_of(app: Flask, row: Reference) -> str:
    """The address by which a referee comes."""
    links: ReferenceLinks = app.extensions["reference_links"]
    return f"/references/{links.token(row)}"


def page_of(app: Flask, called: Called) -> str:
    """The address of Alice's referees."""
    return f"{app.extensions['links'].path(called.alice)}/referees"


def references(session: Session) -> list[Reference]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Reference).order_by(Reference.id)))


def test_applicant_names_changes_and_asks_referees_on_their_own_page(
    called: Called, app: Flask, client: FlaskClient, session: Session
) -> None:
    page = page_of(app, called)
    first = {"name1": ROWAN.name, "address1": ROWAN.address, "do": "save"}
    assert client.post(page, data=first).status_code == 303
    both = {"name1": "Rowan R", "address1": ROWAN.address, "name2": SASHA.name, "address2": SASHA.address}
    client.post(page, data={**both, "do": "save"})
    assert [(row.name, row.state) for row in references(session)] == [
        ("Rowan R", S.NOT_ASKED),
        (SASHA.name, S.NOT_ASKED),
    ]
    assert letters(session, "reference_asked") == []
    client.post(page, data={**both, "do": "ask"})
    assert letters(session, "reference_asked") == [
        ("reference_asked", ROWAN.address),
        ("reference_asked", SASHA.address),
    ]
    shown = client.get(page).get_data(as_text=True)
    assert shown.count("Asked</span>") == 2
    assert "name1" not in shown, "whom we have written to stays"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name1": "Rowan"}, "Enter both the name and the e-mail address."),
        ({"name1": "Alice", "address1": "ALICE@liverpool.example.ac.uk"}, "you cannot write your own"),
        ({"name1": "A", "address1": "a@example.org", "name2": "B", "address2": "A@example.org"}, "named already"),
        ({"name1": "A", "address1": "no address"}, "Enter an e-mail address like"),
    ],
)
def test_odd_referees_are_refused_with_what_was_typed(
    called: Called, app: Flask, client: FlaskClient, session: Session, sent: dict[str, str], sentence: str
) -> None:
    again = client.post(page_of(app, called), data={**sent, "do": "ask"})
    assert again.status_code == 422
    assert sentence in again.get_data(as_text=True)
    assert sent["name1"] in again.get_data(as_text=True)
    assert references(session) == []


def test_referee_saves_comes_back_and_sends_without_an_account(
    called: Called, app: Flask, client: FlaskClient, session: Session
) -> None:
    rowan = admissions.asked(session, called.alice)[0]
    session.commit()
    link = link_of(app, rowan)
    assert "A reference about Alice Aldgrove" in client.get(link).get_data(as_text=True)
    assert references(session)[0].state is S.ASKED, "looking changes nothing"
    client.post(link, data={"text": "I have known", "do": "save"})
    assert references(session)[0].state is S.BEGUN
    assert "I have known" in client.get(link).get_data(as_text=True)
    empty = client.post(link, data={"text": " ", "do": "send"})
    assert (empty.status_code, references(session)[0].state) == (422, S.BEGUN)
    file = (io.BytesIO(PDF), "Reference.pdf")
    client.post(link, data={"text": WORDS, "file": file, "do": "send"}, content_type="multipart/form-data")
    (sent, _) = references(session)
    assert (sent.state, sent.text) == (S.RECEIVED, WORDS)
    assert document_of(session, ("reference", sent.id), part=1) is not None
    session.rollback()
    with client.get(f"{link}/file") as file_of_theirs:
        assert file_of_theirs.data == PDF
    assert "Your reference is sent" in client.get(link).get_data(as_text=True)
    client.post(link, data={"text": "Other words", "do": "send"})
    client.post(f"{link}/declination")
    assert (references(session)[0].state, references(session)[0].text) == (S.RECEIVED, WORDS)


def test_a_file_that_is_no_pdf_is_refused_and_the_words_stay(
    called: Called, app: Flask, client: FlaskClient, session: Session
) -> None:
    rowan = admissions.asked(session, called.alice)[0]
    session.commit()
    file = (io.BytesIO(HTML), "Reference.pdf")
    again = client.post(
        link_of(app, rowan), data={"text": WORDS, "file": file, "do": "send"}, content_type="multipart/form-data"
    )
    assert again.status_code == 422
    assert WORDS in again.get_data(as_text=True)
    assert next((row.state, row.text) for row in references(session)) == (S.BEGUN, WORDS)
    assert session.scalars(select(Document).where(Document.subject_kind == "reference")).all() == []


def test_a_referee_who_declines_leaves_a_place_for_another(
    called: Called, app: Flask, client: FlaskClient, session: Session
) -> None:
    rowan = admissions.asked(session, called.alice)[0]
    session.commit()
    client.post(link_of(app, rowan), data={"text": "Half a sentence", "do": "save"})
    client.post(f"{link_of(app, rowan)}/declination")
    assert (references(session)[0].state, references(session)[0].text) == (S.DECLINED, "")
    shown = client.get(page_of(app, called)).get_data(as_text=True)
    assert "Declined" in shown
    assert "name1" in shown
    sent = {"name1": "Toby Tallis", "address1": "toby@example.org", "do": "ask"}
    assert client.post(page_of(app, called), data=sent).status_code == 303
    assert letters(session, "reference_asked")[-1] == ("reference_asked", "toby@example.org")


def test_applicant_sees_the_state_and_never_the_words(
    called: Called, app: Flask, client: FlaskClient, session: Session, signed_in: As
) -> None:
    rowan = admissions.asked(session, called.alice)[0]
    session.commit()
    client.post(link_of(app, rowan), data={"text": WORDS, "do": "send"})
    own = app.extensions["links"].path(called.alice)
    for browser in (client, signed_in(called.people.alice)):
        for page in (own, f"{own}/referees", "/me", "/me/account/data.json"):
            assert WORDS not in browser.get(page).get_data(as_text=True)
    assert "Received" in client.get(f"{own}/referees").get_data(as_text=True)
    assert signed_in(called.people.alice).get(f"/organise/applications/{called.alice.id}").status_code == 404


def test_invented_links_and_references_that_were_not_asked_open_nothing(
    called: Called, app: Flask, client: FlaskClient, session: Session
) -> None:
    name_referees(session, called.alice, [ROWAN], now=admissions.NOW)
    session.commit()
    (row,) = references(session)
    assert client.get(link_of(app, row)).status_code == 404
    assert client.get(f"/references/{row.id}-{'x' * 32}").status_code == 404
    assert client.get("/references/99999999999999999999-x").status_code == 404


def test_nobody_is_asked_for_an_address_that_is_not_proved(called: Called, session: Session) -> None:
    called.alice.prove_by = admissions.CLOSES
    session.flush()
    with pytest.raises(Refusal, match="your address is yours"):
        admissions.asked(session, called.alice)


def test_withdrawn_application_needs_no_reference_any_more(
    called: Called, app: Flask, client: FlaskClient, session: Session
) -> None:
    rowan = admissions.asked(session, called.alice)[0]
    cancel_registration(session, called.alice.id, now=admissions.NOW)
    session.commit()
    gone = client.get(link_of(app, rowan))
    assert gone.status_code == 410
    assert "not needed any more" in gone.text
    client.post(link_of(app, rowan), data={"text": WORDS, "do": "send"})
    assert references(session)[0].state is S.ASKED


def test_one_button_reminds_referees_and_applicants_and_nobody_too_often(
    called: Called, session: Session, signed_in: As, clock: Clock
) -> None:
    admissions.asked(session, called.alice)
    session.commit()
    omar, button = signed_in(called.people.omar), f"/organise/admissions/{called.admission.id}/reminders"
    omar.post(button)
    assert letters(session, "reference_due") == [], "they were asked just now"
    assert letters(session, "referees_wanted") == [("referees_wanted", called.people.bob.address)]
    clock.forward(days=3)
    omar.post(button)
    omar.post(button)
    assert letters(session, "reference_due") == [("reference_due", ROWAN.address), ("reference_due", SASHA.address)]


def test_each_referee_is_reminded_once_by_itself_before_the_end(called: Called, session: Session) -> None:
    rowan, _ = admissions.asked(session, called.alice)
    session.commit()
    assert remind_before_the_end(session, REFERENCES_BY - timedelta(days=4)) == 0
    near = REFERENCES_BY - timedelta(days=2)
    assert [remind_before_the_end(session, near), remind_before_the_end(session, near)] == [2, 0]
    assert remind_before_the_end(session, REFERENCES_BY + timedelta(days=1)) == 0
    session.commit()
    assert ("reference_due", rowan.address) in letters(session, "reference_due")


def test_late_reference_is_said_to_be_late_and_taken_all_the_same(
    called: Called, app: Flask, client: FlaskClient, session: Session, clock: Clock
) -> None:
    rowan = admissions.asked(session, called.alice)[0]
    session.commit()
    clock.set(REFERENCES_BY + timedelta(days=1))
    assert "Late" in client.get(page_of(app, called)).get_data(as_text=True)
    assert "The day has passed." in client.get(link_of(app, rowan)).get_data(as_text=True)
    client.post(link_of(app, rowan), data={"text": WORDS, "do": "send"})
    assert references(session)[0].state is S.RECEIVED


def test_nobody_is_asked_more_often_than_references_are_wanted(called: Called, session: Session) -> None:
    admissions.asked(session, called.alice)
    with pytest.raises(Refusal, match="more referees than"):
        name_referees(session, called.alice, [Named("Una", "una@example.org")], now=admissions.NOW)
    told = remind_referees(session, called.admission.id, actor=called.olga, now=admissions.NOW)
    assert (told.referees, told.applicants) == (0, 1)
