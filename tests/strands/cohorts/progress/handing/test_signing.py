"""Handing in, signing in turn, sending back: until the last signature makes it done."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.documents.models import Document
from programme.engines.mail.models import OutboxMessage
from programme.people.keeping.ports import Subject
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Milestone, Signature, Supervision
from programme.strands.cohorts.progress.handing import approving
from programme.strands.cohorts.progress.handing.signers import following
from programme.strands.cohorts.progress.moving import suspending
from programme.strands.cohorts.progress.moving.suspending import Wanted
from programme.strands.cohorts.states import MilestoneState, SignatureState, Signer, SupervisionRole
from tests.bed.clock import Clock
from tests.factories import cast as people
from tests.factories import cohorts
from tests.factories.cast import Cast
from tests.factories.files import HTML, PDF
from tests.strands.cohorts.progress.conftest import Browse, once


@pytest.fixture
def supervised(session: Session, cast: Cast, bob: Candidature) -> Candidature:
    """Bob, with Charlie as primary supervisor and Ada as college adviser; nobody signs for the department yet."""
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    role = SupervisionRole.COLLEGE_ADVISOR
    cohorts.supervision(session, candidature=bob, person=cast.ada, organisation=cast.oxford, role=role)
    session.commit()
    return bob


@pytest.fixture
def here(supervised: Candidature) -> str:
    return f"/records/{supervised.id}/milestones/{once(supervised, 'transfer').id}"


def hand_in(client: FlaskClient, here: str, *, name: str = "form.pdf", content: bytes = PDF, words: str = "") -> Any:
    sent: dict[str, Any] = {"words": words}
    if name:
        sent["file"] = (io.BytesIO(content), name)
    return client.post(f"{here}/evidence", data=sent, content_type="multipart/form-data")


def kept(session: Session, here: str) -> Milestone:
    session.rollback()
    return session.get_one(Milestone, int(here.rpartition("/")[2]), populate_existing=True)


def asked(session: Session) -> list[tuple[Signer, SignatureState]]:
    session.rollback()
    rows = session.scalars(select(Signature).order_by(Signature.id).execution_options(populate_existing=True))
    return [(row.signer, row.state) for row in rows]


def test_those_who_sign_do_so_in_their_order_and_the_last_makes_it_done(
    session: Session, cast: Cast, clock: Clock, here: str, browse: Browse, supervised: Candidature
) -> None:
    assert hand_in(browse(cast.bob), here, words="Second draft").status_code == 303
    assert kept(session, here).state is MilestoneState.HANDED_IN
    assert asked(session) == [(Signer.SUPERVISOR, SignatureState.ASKED)]
    assert browse(cast.omar).post(f"{here}/signature").status_code == 303
    browse(cast.ada).post(f"{here}/signature")
    assert asked(session) == [(Signer.SUPERVISOR, SignatureState.ASKED)], "it is not their turn"
    charlie = browse(cast.charlie)
    assert "You are asked to sign it" in charlie.get(here).get_data(as_text=True)
    charlie.post(f"{here}/signature")
    assert asked(session) == [(Signer.SUPERVISOR, SignatureState.AGREED)], "nobody is named for the department"
    assert "Nobody is named who signs for the department." in browse(cast.bob).get(here).get_data(as_text=True)
    dean = people.person(session, "Dora Dean", "dora@oxford.example.ac.uk")
    session.commit()
    sent = {"name": "Dora Dean", "address": "dora@oxford.example.ac.uk"}
    assert browse(cast.omar).post(f"/records/{supervised.id}/approver", data=sent).status_code == 303
    assert asked(session)[1] == (Signer.DEPARTMENT, SignatureState.ASKED)
    token = link_of(session, browse, dean)
    browse(dean).post(f"/signatures/{token}/agreement")
    assert asked(session)[2] == (Signer.COLLEGE, SignatureState.ASKED)
    clock.forward(days=1)
    browse(cast.ada).post(f"{here}/signature")
    row = kept(session, here)
    assert (row.state, row.done_on) == (MilestoneState.DONE, date(2027, 1, 13))
    letters = session.scalars(select(OutboxMessage.recipient).where(OutboxMessage.letter == "signature_asked"))
    assert set(letters) == {cast.charlie.address, dean.address, cast.ada.address}


def link_of(session: Session, browse: Browse, person: Person) -> str:
    """Return the secret by which somebody signs."""
    session.rollback()
    row = session.scalars(select(Signature).where(Signature.person_id == person.id)).one()
    client = browse(person)
    links = client.application.extensions["signature_links"]
    return str(links.token(row))


def test_what_is_sent_back_is_open_with_its_comment_and_signed_afresh(
    session: Session, cast: Cast, here: str, browse: Browse
) -> None:
    bob, charlie = browse(cast.bob), browse(cast.charlie)
    hand_in(bob, here)
    assert charlie.post(f"{here}/return").status_code == 422
    charlie.post(f"{here}/return", data={"return-reason": "The second chapter is missing."})
    assert kept(session, here).state is MilestoneState.OPEN
    for address in (here, here.rpartition("/")[0]):
        assert "The second chapter is missing." in bob.get(address).get_data(as_text=True)
    assert hand_in(bob, here, name="").status_code == 303, "its file is there already"
    assert asked(session) == [(Signer.SUPERVISOR, SignatureState.ASKED)]
    assert "The second chapter is missing." not in bob.get(here).get_data(as_text=True)


@pytest.mark.one_database
def test_what_was_signed_before_it_was_sent_back_is_signed_again(
    session: Session, cast: Cast, here: str, browse: Browse
) -> None:
    kept(session, here).rule.signers = [str(Signer.SUPERVISOR), str(Signer.COLLEGE)]
    session.commit()
    bob = browse(cast.bob)
    hand_in(bob, here)
    browse(cast.charlie).post(f"{here}/signature")
    browse(cast.ada).post(f"{here}/return", data={"return-reason": "Too short."})
    hand_in(bob, here)
    assert asked(session) == [
        (Signer.SUPERVISOR, SignatureState.ASKED),
        (Signer.COLLEGE, SignatureState.NOT_ASKED),
    ]


@pytest.mark.one_database
def test_whoever_sent_it_back_may_agree_after_all(session: Session, cast: Cast, here: str, browse: Browse) -> None:
    hand_in(browse(cast.bob), here)
    charlie = browse(cast.charlie)
    charlie.post(f"{here}/return", data={"return-reason": "Too short."})
    charlie.post(f"/signatures/{link_of(session, browse, cast.charlie)}/agreement")
    assert kept(session, here).state is MilestoneState.HANDED_IN
    assert asked(session) == [(Signer.SUPERVISOR, SignatureState.AGREED)]


def test_taking_back_ends_the_links_and_a_supervisor_who_left_signs_nothing(
    session: Session, cast: Cast, clock: Clock, here: str, browse: Browse, supervised: Candidature
) -> None:
    bob, charlie = browse(cast.bob), browse(cast.charlie)
    hand_in(bob, here)
    before = link_of(session, browse, cast.charlie)
    bob.post(f"{here}/evidence/removal")
    assert kept(session, here).state is MilestoneState.OPEN
    assert charlie.get(f"/signatures/{before}").status_code == 410
    hand_in(bob, here)
    session.rollback()
    row = session.scalars(select(Supervision).where(Supervision.person_id == cast.charlie.id)).one()
    row.ends_on = (clock.now - timedelta(days=1)).date()
    olga = cohorts.supervision(session, candidature=supervised, person=cast.olga, organisation=cast.oxford)
    session.commit()
    assert charlie.post(f"{here}/signature").status_code == 404
    assert charlie.get(f"/signatures/{link_of(session, browse, cast.charlie)}").status_code == 410
    bob.post(f"{here}/asking")
    assert (Signer.SUPERVISOR, SignatureState.ASKED) in asked(session)
    browse(cast.olga).post(f"{here}/signature")
    assert olga.person_id in set(session.scalars(select(Signature.person_id).where(Signature.state == "agreed")))


@pytest.mark.one_database
def test_only_the_researcher_hands_in_and_evidence_is_needed(
    session: Session, cast: Cast, here: str, browse: Browse
) -> None:
    for person in (cast.omar, cast.charlie, cast.alice):
        assert hand_in(browse(person), here).status_code == 404
    bob = browse(cast.bob)
    for name, content in (("", b""), ("page.pdf", HTML), ("page.exe", PDF), ("empty.pdf", b"")):
        answer = hand_in(bob, here, name=name, content=content, words="Kept words")
        assert answer.status_code == 422, name
        assert "Kept words" in answer.get_data(as_text=True)
    assert kept(session, here).state is MilestoneState.OPEN
    assert session.scalars(select(Document)).all() == []
    hand_in(bob, here)
    assert hand_in(bob, here).status_code == 422


@pytest.mark.one_database
def test_only_those_of_the_record_read_its_evidence(
    session: Session, cast: Cast, here: str, browse: Browse, alice: Candidature, stranger: Person
) -> None:
    hand_in(browse(cast.bob), here, name="Bob’s form.pdf")
    for person in (cast.bob, cast.charlie, cast.omar, cast.olga):
        with browse(person).get(f"{here}/file") as answer:
            assert (answer.status_code, answer.data) == (200, PDF)
            assert answer.headers["Content-Disposition"].startswith("attachment")
    token = link_of(session, browse, cast.charlie)
    with browse(stranger).get(f"/signatures/{token}/file") as answer:
        assert (answer.status_code, answer.data) == (200, PDF)
    assert browse(stranger).get(f"/signatures/{token[:-2]}xx/file").status_code == 404
    for person in (cast.alice, stranger):
        assert browse(person).get(f"{here}/file").status_code == 404
    number = here.rpartition("/")[2]
    own = f"/records/{alice.id}/milestones/{number}/file"
    assert browse(cast.alice).get(own).status_code == 404


@pytest.mark.one_database
def test_what_nobody_signs_is_done_when_it_is_handed_in(
    session: Session, cast: Cast, here: str, browse: Browse
) -> None:
    supervised = kept(session, here).candidature
    training = once(supervised, "integrity")
    address = f"/records/{supervised.id}/milestones/{training.id}"
    hand_in(browse(cast.bob), address)
    assert kept(session, address).state is MilestoneState.DONE
    omar = browse(cast.omar)
    omar.post(f"{address}/completion/removal")
    assert kept(session, address).state is MilestoneState.OPEN


@pytest.mark.one_database
def test_any_organiser_of_the_home_university_signs_where_it_is_their_turn(
    session: Session, cast: Cast, here: str, browse: Browse
) -> None:
    row = kept(session, here)
    row.rule.signers = [str(Signer.ORGANISER)]
    session.commit()
    hand_in(browse(cast.bob), here)
    olga, omar = browse(cast.olga), browse(cast.omar)
    assert "You are asked to sign it" not in olga.get(here).get_data(as_text=True)
    olga.post(f"{here}/signature")
    assert kept(session, here).state is MilestoneState.HANDED_IN
    assert "You are asked to sign it" in omar.get(here).get_data(as_text=True)
    omar.post(f"{here}/signature")
    assert kept(session, here).state is MilestoneState.DONE


@pytest.mark.one_database
def test_nobody_is_named_to_sign_for_themselves(
    session: Session, cast: Cast, browse: Browse, supervised: Candidature
) -> None:
    sent = {"name": "Bob", "address": cast.bob.address}
    answer = browse(cast.omar).post(f"/records/{supervised.id}/approver", data=sent)
    assert answer.status_code == 422
    assert "Nobody signs for themselves" in answer.get_data(as_text=True)


@pytest.mark.one_database
def test_milestone_with_a_file_stays_when_nothing_asks_for_it_any_more(
    session: Session, cast: Cast, browse: Browse, alice: Candidature, omar: Actor, clock: Clock
) -> None:
    report = next(one for one in alice.milestones if one.code == "report" and one.occurrence == 2027)
    address = f"/records/{alice.id}/milestones/{report.id}"
    client = browse(cast.alice)
    hand_in(client, address)
    client.post(f"{address}/evidence/removal")
    session.expire_all()
    suspending.suspend(session, alice.id, Wanted(2027 * 12 + 4, 3), actor=omar, now=clock.now)
    session.commit()
    assert session.get(Milestone, report.id) is not None
    file = session.scalars(select(Document)).one()
    assert file.subject_id == report.id


def test_order_of_signers_is_that_of_the_rule() -> None:
    order = [Signer.SUPERVISOR, Signer.DEPARTMENT, Signer.COLLEGE]
    assert following(order, []) is Signer.SUPERVISOR
    assert following(order, [Signer.DEPARTMENT]) is Signer.SUPERVISOR
    assert following(order, [Signer.SUPERVISOR]) is Signer.DEPARTMENT
    assert following(order, order) is None


@pytest.mark.one_database
def test_erasing_somebody_takes_files_and_reasons_with_them(
    app: Flask, session: Session, cast: Cast, here: str, browse: Browse, clock: Clock, omar: Actor
) -> None:
    hand_in(browse(cast.bob), here, words="Personal words")
    row = kept(session, here)
    suspending.suspend(
        session, row.candidature_id, Wanted(row.candidature.entry_unit + 1, 1, "Illness"), actor=omar, now=clock.now
    )
    approving.name_approver(session, row.candidature_id, address="d@example.org", name="D", actor=omar, now=clock.now)
    session.commit()
    who = Subject(cast.bob.id, cast.bob.name, cast.bob.address, cast.bob.address_key)
    for keeper in app.extensions["keepers"]:
        held = [list(section.rows) for section in keeper.held(session, who)]
        assert held is not None
    for keeper in app.extensions["keepers"]:
        keeper.erase(session, who, now=clock.now)
    session.commit()
    assert all(one.forgotten_at is not None for one in session.scalars(select(Document)))
    assert kept(session, here).words == ""
    assert [one.reason for one in kept(session, here).candidature.suspensions] == [""]
