"""Inviting people: looked at first, told once, taken back, sent again; each link works for one address."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from programme.engines.calendar.states import Visibility
from programme.engines.registration.eligibility.links import token_of
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Registration
from programme.engines.registration.states import Eligibility, InvitationState, OpeningState, RegistrationState
from tests.screens.roll.conftest import As, Evening, letters, text_of

ADA, BEA = "ada@example.org", "bea@example.org"


@pytest.fixture
def here(evening: Evening, session: Session) -> str:
    """An opening that is by invitation, with places."""
    evening.opening.eligibility, evening.opening.capacity = Eligibility.INVITED, 30
    evening.opening.questionnaire_id, evening.charlie.state = None, RegistrationState.CANCELLED
    session.commit()
    return f"{evening.home}/invitations"


def invite(olga: FlaskClient, here: str, *lines: str) -> str:
    return text_of(olga.post(here, data={"people": "\n".join(lines)}, follow_redirects=True))


def row_of(session: Session, address: str) -> Invitation:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Invitation).where(Invitation.address == address)).one()


def link_of(app: Flask, row: Invitation) -> str:
    return f"/invitations/{token_of(app.extensions['links'], row.id, version=row.link_version)}"


def send(client: FlaskClient, form: str, **values: str) -> str:
    data = {"name": "Ada Marlstone", "email": ADA, "form_key": "k", **values}
    return text_of(client.post(form, data=data, follow_redirects=True))


@pytest.mark.one_database
def test_a_list_is_looked_at_first_and_odd_lines_are_told(here: str, olga: FlaskClient, session: Session) -> None:
    page = text_of(olga.post(f"{here}/preview", data={"people": f"Ada <{ADA}>\nnobody at all\n{ADA}"}))
    assert "1 of 3 lines can be taken" in page
    assert "There is no e-mail address in this line." in page
    assert "This address stands in the list already." in page
    assert session.scalars(select(Invitation)).all() == []


@pytest.mark.one_database
def test_a_file_becomes_lines_to_look_at(here: str, olga: FlaskClient) -> None:
    file = (BytesIO(b"Name;E-mail\nAda Marlstone;ada@example.org\nNobody;\n"), "people.csv")
    page = text_of(olga.post(f"{here}/preview", data={"people": "", "file": file}))
    assert "1 of 2 lines can be taken" in page
    assert "Ada Marlstone <ada@example.org>" in page


@pytest.mark.one_database
def test_nothing_and_what_is_no_file_are_refused_with_what_was_typed(here: str, olga: FlaskClient) -> None:
    answer = olga.post(f"{here}/preview", data={"people": ""})
    assert (answer.status_code, "Paste at least one address" in text_of(answer)) == (422, True)
    file = (BytesIO(b"PK\x03\x04\0\0"), "people.xlsx")
    answer = olga.post(f"{here}/preview", data={"people": ADA, "file": file})
    assert answer.status_code == 422
    assert "no file of separated values" in text_of(answer)
    assert ADA in text_of(answer)


def test_whoever_is_invited_is_told_once_and_registers_by_the_link_alone(
    here: str, olga: FlaskClient, signed_in: As, app: Flask, session: Session
) -> None:
    assert "2 people invited." in invite(olga, here, f"Ada Marlstone <{ADA}>", BEA)
    assert "0 people invited." in invite(olga, here, ADA)
    assert letters(session) == [("invited", ADA), ("invited", BEA)]
    guest, link = signed_in(None), link_of(app, row_of(session, ADA))
    form = guest.get(link).location
    page = text_of(guest.get(form))
    assert f'value="{ADA}"' in page
    assert "works for" in page
    assert row_of(session, ADA).state is InvitationState.SILENT, "looking changes nothing"
    send(guest, form)
    session.rollback()
    registration = session.scalars(select(Registration).where(Registration.address == ADA)).one()
    assert (registration.state, registration.prove_by) == (RegistrationState.CONFIRMED, None)
    assert row_of(session, ADA).state is InvitationState.ANSWERED
    assert "You have registered" in text_of(guest.get(link))


@pytest.mark.one_database
def test_by_the_link_another_address_is_refused_and_everything_typed_is_kept(
    here: str, olga: FlaskClient, signed_in: As, app: Flask, session: Session
) -> None:
    invite(olga, here, ADA)
    guest = signed_in(None)
    form = guest.get(link_of(app, row_of(session, ADA))).location
    answer = guest.post(form, data={"name": "Ada’s friend", "email": BEA, "form_key": "k"})
    assert answer.status_code == 422
    page = text_of(answer)
    for kept in ("This invitation is for ada@example.org", "Ada’s friend", BEA, "?invitation="):
        assert kept in page
    assert "Check your mail" in send(guest, form.partition("?")[0], email=BEA), "whether it is invited the mail says"


@pytest.mark.one_database
def test_a_revoked_link_says_so_kindly_and_its_form_too(
    here: str, olga: FlaskClient, signed_in: As, app: Flask, session: Session
) -> None:
    invite(olga, here, ADA)
    row, guest = row_of(session, ADA), signed_in(None)
    link = link_of(app, row)
    form = guest.get(link).location
    taken = olga.post(f"{here}/decision", data={"do": "revoke", "id": row.id}, follow_redirects=True)
    assert "1 invitation taken back." in text_of(taken)
    assert "The organisers have taken this invitation back" in text_of(guest.get(link))
    assert "have taken this invitation back" in send(guest, form)
    again = olga.post(f"{here}/decision", data={"do": "again", "id": row.id}, follow_redirects=True)
    assert "1 person invited again." in text_of(again)
    assert guest.get(link).status_code == 303


@pytest.mark.one_database
def test_an_invented_link_opens_nothing(here: str, olga: FlaskClient, signed_in: As, session: Session) -> None:
    invite(olga, here, ADA)
    row, guest = row_of(session, ADA), signed_in(None)
    for token in (str(row.id), f"{row.id}-guess", "x", f"{2**63}-x"):
        assert guest.get(f"/invitations/{token}").status_code == 404


@pytest.mark.one_database
def test_an_invitation_shows_the_form_of_what_nobody_else_may_see(
    here: str, evening: Evening, olga: FlaskClient, signed_in: As, app: Flask, session: Session
) -> None:
    invite(olga, here, ADA)
    evening.opening.events[0].visibility = Visibility.HIDDEN
    session.commit()
    guest = signed_in(None)
    form = guest.get(link_of(app, row_of(session, ADA))).location
    assert guest.get(form).status_code == 200
    assert guest.get(form.partition("?")[0]).status_code == 404
    assert "ada@example.org" not in send(guest, form)
    assert row_of(session, ADA).state is InvitationState.ANSWERED


@pytest.mark.one_database
def test_counts_lead_to_the_people_behind_them(here: str, olga: FlaskClient, app: Flask, session: Session) -> None:
    invite(olga, here, f"Ada <{ADA}>", f"Bea <{BEA}>")
    olga.post(f"{here}/decision", data={"do": "revoke", "id": row_of(session, BEA).id})
    page = text_of(olga.get(here))
    for state in ("silent", "answered", "revoked"):
        assert f'href="{here}?state={state}"' in page
    silent = text_of(olga.get(f"{here}?state=silent"))
    assert (ADA in silent, BEA in silent) == (True, False)
    assert BEA in text_of(olga.get(f"{here}?q=bea"))


@pytest.mark.one_database
def test_the_list_asks_as_often_for_many_as_for_one(here: str, olga: FlaskClient, session: Session) -> None:
    def asked() -> int:
        statements: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            statements.append(statement)

        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        olga.get(here)
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    invite(olga, here, ADA)
    few = asked()
    invite(olga, here, *[f"p{number}@example.org" for number in range(30)])
    assert asked() == few


@pytest.mark.one_database
def test_letters_of_a_draft_wait_until_registration_opens(
    here: str, evening: Evening, olga: FlaskClient, session: Session
) -> None:
    evening.opening.state = OpeningState.DRAFT
    session.commit()
    assert "The letters go when you open registration." in invite(olga, here, ADA)
    assert letters(session) == []
    for _ in range(2):
        olga.post(f"{evening.home}/publication")
    assert letters(session) == [("invited", ADA)]
