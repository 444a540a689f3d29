"""The address of a registration, put right by an organiser."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.documents.models import Document
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.questionnaire import actions
from programme.engines.questionnaire.models import Answer
from programme.engines.registration.follow_ups.models import FollowUp, FollowUpRequest
from programme.engines.registration.models import Companion, Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.flows.addresses.correcting import correct
from programme.flows.addresses.readdressing import follow
from programme.flows.registering import SignUp, sign_up
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.addresses.conftest import LATER, waiting
from tests.flows.conftest import NOW, Enter

WRONG, RIGHT = "gwen@exmaple.org", "gwen@example.org"
PDFS = {"accepts": ["pdf"], "most": "1"}


@pytest.fixture
def guest(opening: Opening, enter: Enter) -> Registration:
    """A guest who mistyped her address."""
    return enter(opening, WRONG).registration


def put_right(session: Session, people: Cast, row: Registration, address: str = RIGHT) -> Registration:
    """Let Omar put it right."""
    found = correct(session, row.id, address, actor=actor_of(people.omar), now=LATER)
    session.commit()
    return found


def test_letter_that_waits_goes_to_the_right_address_and_no_second_one(
    app: Flask, session: Session, people: Cast, guest: Registration, capture: Capture
) -> None:
    former = guest.person_id
    row = put_right(session, people, guest)
    run_due(app, LATER)
    [letter] = capture.messages
    assert letter["To"] is not None
    assert RIGHT in letter["To"]
    assert (row.address, row.prove_by, row.link_version) == (RIGHT, None, 2)
    assert row.person_id != former
    text = letter.get_body(("plain",))
    assert text is not None
    assert app.extensions["links"].url(row) in text.get_content()


def test_what_went_to_the_wrong_address_is_written_again(
    app: Flask, session: Session, people: Cast, guest: Registration, capture: Capture
) -> None:
    run_due(app, LATER)
    put_right(session, people, guest)
    run_due(app, LATER)
    assert (len(capture.to(WRONG)), len(capture.to(RIGHT))) == (1, 1)
    assert [row.verb for row in session.scalars(select(AuditEntry))] == ["corrected an address"]


def test_place_goes_to_whom_we_know_by_the_right_address(session: Session, people: Cast, guest: Registration) -> None:
    row = put_right(session, people, guest, people.alice.address)
    assert row.person_id == people.alice.id
    assert waiting(session) == [("registration_confirmed", people.alice.address)]


def test_letters_about_something_else_stay_where_they_are(
    session: Session, people: Cast, guest: Registration, enter: Enter
) -> None:
    other = things.opening(session, events=[things.event(session, lead=people.oxford)])
    session.commit()
    enter(other, WRONG)
    put_right(session, people, guest)
    assert waiting(session) == [("registration_confirmed", RIGHT), ("registration_confirmed", WRONG)]


def test_letter_on_its_way_follows_once_it_is_back(session: Session, people: Cast, guest: Registration) -> None:
    [row] = session.scalars(select(OutboxMessage))
    row.state = OutboxState.SENDING
    session.commit()
    put_right(session, people, guest)
    row = session.get_one(OutboxMessage, row.id)
    assert row.recipient == WRONG
    row.state = OutboxState.PENDING
    session.commit()
    assert follow(session, LATER, private=frozenset()) == 1
    assert (row.recipient, row.person_id) == (RIGHT, guest.person_id)


def test_nobody_is_registered_twice_and_what_ended_stays(session: Session, people: Cast, guest: Registration) -> None:
    taken = things.registration(session, to=guest.opening, who=people.bob, state=RegistrationState.WAITLISTED)
    session.commit()
    with pytest.raises(Refusal, match="registered under this address already"):
        put_right(session, people, guest, people.bob.address)
    session.rollback()
    with pytest.raises(Refusal, match="its address already"):
        put_right(session, people, guest, WRONG.upper())
    session.rollback()
    with pytest.raises(Refusal, match="like name@example"):
        put_right(session, people, guest, "gwen at example.org")
    session.rollback()
    taken.state = RegistrationState.CANCELLED
    session.commit()
    with pytest.raises(Refusal, match="has ended"):
        put_right(session, people, taken)


def test_the_old_form_sent_again_is_a_registration_of_its_own(session: Session, people: Cast, opening: Opening) -> None:
    sent = SignUp(name="Gwen", address=WRONG, organisation_id=None, answers={}, form_key="the form that Gwen has open")
    first = sign_up(session, opening.id, sent, actor=NOBODY, now=NOW).registration
    session.commit()
    put_right(session, people, first)
    again = sign_up(session, opening.id, sent, actor=NOBODY, now=LATER).registration
    session.commit()
    assert (again.id != first.id, again.address) == (True, WRONG)


@pytest.mark.parametrize(("by", "told"), [("omar", ["Vegan", "Gwen"]), ("olga", ["Gwen"])])
def test_sensitive_answers_go_along_only_where_the_organiser_may_read_them(
    session: Session, people: Cast, guest: Registration, by: str, told: list[str]
) -> None:
    guest.opening.co_owners = [people.liverpool]
    form = guest.opening.questionnaire = actions.new_questionnaire(session, now=LATER)
    needs = actions.add_question(session, form, kind="dietary", label="Diet?")
    name = actions.add_question(session, form, kind="short_text", label="Badge?")
    guest.answer_sheet = actions.answer(session, form, {needs.id: ["Vegan"], name.id: "Gwen"}, now=LATER)
    session.commit()
    row = correct(session, guest.id, RIGHT, actor=actor_of(getattr(people, by)), now=LATER)
    session.commit()
    assert row.answer_sheet is not None
    assert [one.text for one in row.answer_sheet.answers] == told


@pytest.mark.parametrize(("by", "told"), [("omar", {"Vegan", "Step-free", "scan.pdf"}), ("olga", set())])
def test_neither_do_those_of_the_follow_up_form_of_companions_and_files(
    session: Session, people: Cast, guest: Registration, by: str, told: set[str]
) -> None:
    guest.opening.co_owners = [people.liverpool]
    form, second = (actions.new_questionnaire(session, now=LATER) for _ in range(2))
    needs = actions.add_question(session, form, kind="dietary", label="Diet?")
    scan = actions.add_question(session, form, kind="file", label="Note?", is_sensitive=True, settings=PDFS)
    access = actions.add_question(session, second, kind="access", label="Access?")
    guest.opening.questionnaire = form
    file = {"file": "a-token", "name": "scan.pdf", "size": 1}
    guest.answer_sheet = actions.answer(session, form, {scan.id: file}, now=LATER)
    beside = actions.answer(session, form, {needs.id: ["Vegan"]}, now=LATER)
    guest.companions = [Companion(name="Hal", answer_sheet=beside)]
    asked = FollowUp(opening_id=guest.opening_id, questionnaire=second)
    session.add(asked)
    session.flush()
    answered = actions.answer(session, second, {access.id: ["Step-free"]}, now=LATER)
    session.add(FollowUpRequest(registration_id=guest.id, follow_up=asked, sheet=answered, asked_at=LATER))
    session.flush()
    kept = {"token": "a-token", "name": "scan.pdf", "kind": "pdf", "size": 1, "digest": "", "uploaded_at": LATER}
    subject = {"subject_kind": "answer_sheet", "subject_id": guest.answer_sheet_id, "part": scan.id}
    session.add(Document(**kept, **subject))
    session.commit()
    correct(session, guest.id, RIGHT, actor=actor_of(getattr(people, by)), now=LATER)
    session.commit()
    found = {*session.scalars(select(Answer.text)), *session.scalars(select(Document.name))} - {""}
    assert {text.split(" (")[0] for text in found} == told
