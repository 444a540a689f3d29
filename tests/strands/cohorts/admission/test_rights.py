"""Who sees what of an admission: both universities' organisers the same, everybody else nothing, at every door."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.approvals.queries import latest_approval
from programme.engines.documents.actions import take_in
from programme.engines.registration.openings import actions as openings
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.strands.cohorts.admission.plugs import may_read_references
from programme.strands.cohorts.admission.referees.naming import Named
from programme.strands.cohorts.admission.reviewing.actions import declare, rule
from programme.strands.cohorts.admission.states import Conflict, Ruling
from programme.strands.cohorts.models import Reference, Review
from tests.bed.databases import statements
from tests.factories import admissions, cast
from tests.factories.admissions import NOW
from tests.factories.browsers import look_again
from tests.factories.files import PDF
from tests.strands.cohorts.admission.conftest import As, Called
from tests.strands.cohorts.admission.test_referees import WORDS, link_of

SEEN = 200


@pytest.fixture
def reviewed(called: Called, session: Session, app: Flask) -> tuple[Called, Reference, Review]:
    """Rowan has sent a reference with a file about Alice; Charlie reviews Alice, and has declared."""
    people = called.people
    rowan = admissions.asked(session, called.alice)[0]
    given: dict[str, Any] = {"address": people.charlie.address, "university": people.oxford}
    review = admissions.given(
        session, called.alice, admissions.reviewer(session, called.admission, people, **given), people
    )
    declare(session, review.id, Conflict.NONE, words="", actor=called.olga, now=NOW)
    session.commit()
    file = (io.BytesIO(PDF), "Reference.pdf")
    sent = {"text": WORDS, "file": file, "do": "send"}
    app.test_client().post(link_of(app, rowan), data=sent, content_type="multipart/form-data")
    return called, rowan, review


def addresses(called: Called, rowan: Reference, review: Review) -> Iterator[str]:
    """The organisers' pages of an admission."""
    home, application = f"/organise/admissions/{called.admission.id}", f"/organise/applications/{called.alice.id}"
    yield from (called.funnel, f"/organise/cohorts/{called.admission.cohort_id}/admissions/new")
    yield from (f"{home}/settings", f"{home}/reviewers", f"{home}/reviewers/{review.reviewer_id}/unlocking")
    yield from (application, f"{application}/references/{rowan.id}/file")


def outsiders(session: Session, called: Called) -> list[Person | None]:
    """An organiser elsewhere, a member, the applicant, an administrator, a reviewer, nobody."""
    authority = session.scalars(select(Organisation).where(Organisation.slug == "lcrca")).one()
    stranger = cast.organiser(session, "Otto Outsider", "otto@example.org", authority)
    session.commit()
    people = called.people
    return [stranger, people.bob, people.alice, people.ada, people.charlie, None]


def test_organisers_of_both_universities_see_the_same(
    reviewed: tuple[Called, Reference, Review], signed_in: As
) -> None:
    called = reviewed[0]
    olga, omar = signed_in(called.people.olga), signed_in(called.people.omar)
    for address in addresses(*reviewed):
        answers = [browser.get(address) for browser in (olga, omar)]
        assert [one.status_code for one in answers] == [SEEN, SEEN], address
        for one in answers:
            one.close()
    funnels = [browser.get(called.funnel).get_data(as_text=True) for browser in (olga, omar)]
    said = "2 people have applied: 0 with complete references"
    assert all(said in one and "Alice Aldgrove" in one for one in funnels)
    assert WORDS in omar.get(f"/organise/applications/{called.alice.id}").get_data(as_text=True)


def test_nobody_else_sees_that_there_is_anything(
    reviewed: tuple[Called, Reference, Review], session: Session, signed_in: As
) -> None:
    for who in outsiders(session, reviewed[0]):
        browser = signed_in(who)
        for address in addresses(*reviewed):
            assert browser.get(address).status_code == (303 if who is None else 404), (who, address)
        export = browser.post(f"/organise/admissions/{reviewed[0].admission.id}/file")
        assert export.status_code == (303 if who is None else 404)


def test_a_university_without_co_ownership_sees_nothing(session: Session, signed_in: As) -> None:
    people = cast.assemble(session)
    admission = admissions.call(session, people)
    admission.cohort.award.co_owners = []
    openings.share(session, admission.opening_id, [people.oxford.id], actor=actor_of(people.olga), now=NOW)
    session.commit()
    assert signed_in(people.omar).get(f"/organise/cohorts/{admission.cohort_id}/admission").status_code == 404
    assert signed_in(people.olga).get(f"/organise/cohorts/{admission.cohort_id}/admission").status_code == SEEN


def test_a_reviewer_sees_what_was_given_to_them_alone(
    reviewed: tuple[Called, Reference, Review], session: Session, signed_in: As
) -> None:
    called, rowan, review = reviewed
    people, page = called.people, f"/reviewing/applications/{review.id}"
    other = admissions.reviewer(
        session, called.admission, people, address=people.bob.address, university=people.liverpool
    )
    others = admissions.given(session, called.alice, other, people)
    session.commit()
    charlie, bob = signed_in(people.charlie), signed_in(people.bob)
    shown = charlie.get(page).get_data(as_text=True)
    assert WORDS in shown
    with charlie.get(f"{page}/references/{rowan.id}/file") as file:
        assert file.data == PDF
    assert charlie.get(f"/reviewing/applications/{others.id}").status_code == 404
    assert bob.get(page).status_code == 404
    undeclared = f"/reviewing/applications/{others.id}/references/{rowan.id}/file"
    assert bob.get(undeclared).status_code == 404
    bob.post(f"/reviewing/applications/{others.id}/declaration", data={"conflict": "financial"})
    assert bob.get(undeclared).status_code == 404
    assert WORDS not in bob.get(f"/reviewing/applications/{others.id}").get_data(as_text=True)


def test_a_file_of_an_application_is_read_by_its_reviewers_and_nobody_else(
    called: Called, session: Session, signed_in: As, app: Flask
) -> None:
    people = called.people
    laid = app.extensions["shelf"].lay(io.BytesIO(PDF), "CV.pdf", accepts=("pdf",), most=100_000)
    own = admissions.apply(
        session, called.admission, people.charlie, wishes=people.oxford, cv=take_in(session, laid, now=NOW)
    )
    readers = [
        admissions.reviewer(session, called.admission, people, address=one.address, university=people.oxford)
        for one in (people.bob, people.ada)
    ]
    pages = [f"/reviewing/applications/{admissions.given(session, own, one, people).id}" for one in readers]
    assert own.answer_sheet is not None
    question = next(one.question_id for one in own.answer_sheet.answers if one.question.kind == "file")
    session.commit()
    bob, ada = signed_in(people.bob), signed_in(people.ada)
    assert bob.get(f"{pages[0]}/files/{question}").status_code == 404, "nothing is seen before it is declared"
    for browser, page, conflict in ((bob, pages[0], "none"), (ada, pages[1], "financial")):
        browser.post(f"{page}/declaration", data={"conflict": conflict})
    with bob.get(f"{pages[0]}/files/{question}") as file:
        assert file.data == PDF
    assert ada.get(f"{pages[1]}/files/{question}").status_code == 404
    assert ada.get(f"{pages[0]}/files/{question}").status_code == 404
    called.admission.hides_names = True
    session.commit()
    assert bob.get(f"{pages[0]}/files/{question}").status_code == 404


def test_hidden_names_hide_references_and_files_too(
    reviewed: tuple[Called, Reference, Review], session: Session, signed_in: As
) -> None:
    called, rowan, review = reviewed
    called.admission.hides_names = True
    session.commit()
    charlie, page = signed_in(called.people.charlie), f"/reviewing/applications/{review.id}"
    for address in (page, f"/reviewing/{called.admission.id}", "/reviewing"):
        shown = charlie.get(address).get_data(as_text=True)
        assert "Alice" not in shown
        assert WORDS not in shown
    assert f"Application {called.alice.id}" in charlie.get(page).get_data(as_text=True)
    assert charlie.get(f"{page}/references/{rowan.id}/file").status_code == 404


def test_an_organiser_who_applies_sees_nothing_of_what_is_said_of_them(
    called: Called, session: Session, signed_in: As
) -> None:
    own = admissions.apply(session, called.admission, called.people.omar, wishes=called.people.oxford)
    admissions.asked(session, own)
    session.commit()
    omar = signed_in(called.people.omar)
    assert omar.get(f"/organise/applications/{own.id}").status_code == 404
    assert not may_read_references(session, own, actor_of(called.people.omar))
    assert may_read_references(session, own, actor_of(called.people.olga))
    session.rollback()
    assert signed_in(called.people.olga).get(f"/organise/applications/{own.id}").status_code == SEEN


def test_an_organiser_who_applies_reads_nothing_of_it_in_the_trail(
    called: Called, session: Session, signed_in: As
) -> None:
    people = called.people
    own = admissions.apply(session, called.admission, people.olga, wishes=people.oxford)
    to: dict[str, Any] = {"address": people.charlie.address, "university": people.oxford}
    review = admissions.given(session, own, admissions.reviewer(session, called.admission, people, **to), people)
    declare(session, review.id, Conflict.FINANCIAL, words="", actor=actor_of(people.charlie), now=NOW)
    lena = cast.organiser(session, "Lena Larkhill", "lena@liverpool.example.ac.uk", people.liverpool)
    session.commit()
    declared, page = "said what they are to", f"/organise/audit?kind=registration&id={own.id}"
    assert declared not in signed_in(people.olga).get("/organise/audit").text
    assert declared not in signed_in(people.olga).get(page).text
    assert declared in signed_in(lena).get(page).text


def test_neither_a_referee_nor_a_reviewer_with_a_conflict_turns_a_key(
    called: Called, session: Session, signed_in: As
) -> None:
    people = called.people
    given = {"name": people.olga.name, "address": people.olga.address}
    admissions.asked(session, called.alice, Named(**given))
    own = admissions.reviewer(session, called.admission, people, address=people.omar.address, university=people.oxford)
    review = admissions.given(session, called.alice, own, people)
    declare(session, review.id, Conflict.COMPETITOR, words="We compete.", actor=called.omar, now=NOW)
    session.commit()
    approval = latest_approval(session, "registration", called.alice.id)
    assert approval is not None
    keys = {key.organisation_id: key.id for key in approval.keys}
    for who, at, why in (
        (people.olga, people.liverpool, "asked for a reference"),
        (people.omar, people.oxford, "declared a conflict"),
    ):
        browser, page = signed_in(who), f"/organise/keys/{keys[at.id]}"
        assert why in browser.get(page).text
        assert why in browser.post(f"{page}/decision", data={"says": "yes"}, follow_redirects=True).text
        verdict = {"id": str(called.alice.id)}
        roll = f"/organise/openings/{called.admission.opening_id}"
        assert why in browser.post(f"{roll}/promotions", data=verdict, follow_redirects=True).text
    look_again(session)
    assert {key.state.value for key in approval.keys} == {"waiting"}
    rule(session, review.id, Ruling.MAY_REVIEW, actor=called.olga, now=NOW)
    session.commit()
    page = f"/organise/keys/{keys[people.oxford.id]}"
    answer = signed_in(people.omar).post(f"{page}/decision", data={"says": "yes"}, follow_redirects=True)
    assert "Your key says yes" in answer.text
    look_again(session)
    assert {key.state.value for key in approval.keys} == {"waiting", "yes"}


def test_the_file_has_who_applied_and_is_noted(reviewed: tuple[Called, Reference, Review], signed_in: As) -> None:
    called = reviewed[0]
    omar = signed_in(called.people.omar)
    lines = omar.post(f"/organise/admissions/{called.admission.id}/file").get_data(as_text=True).splitlines()
    assert len(lines) == 3
    assert "Alice Aldgrove,to be decided,University of Liverpool,1,2" in lines[1]
    assert "downloaded the applications" in signed_in(called.people.olga).get("/organise/audit").get_data(as_text=True)


def test_list_is_narrowed_and_sorted(called: Called, session: Session, signed_in: As) -> None:
    people = called.people
    review = admissions.given(
        session,
        called.bob,
        admissions.reviewer(session, called.admission, people, address="ina@example.org", university=people.oxford),
        people,
    )
    declare(session, review.id, Conflict.NONE, words="", actor=called.olga, now=NOW)
    session.commit()
    olga = signed_in(people.olga)

    def names(query: str) -> list[str]:
        told = olga.get(f"{called.funnel}?{query}").get_data(as_text=True)
        found = sorted(
            (told.index(f">{one}<"), one) for one in ("Alice Aldgrove", "Bob Birchfield") if f">{one}<" in told
        )
        return [one for _, one in found]

    assert names("sort=-name") == ["Bob Birchfield", "Alice Aldgrove"]
    assert names("wished=oxford") == ["Bob Birchfield"]
    assert names("q=ald") == ["Alice Aldgrove"]
    assert names("show=decide") == []
    assert olga.get(f"{called.funnel}?show=nonsense&sort=moss").status_code == 400


def test_funnel_asks_no_more_of_the_database_for_more_applications(
    app: Flask, called: Called, session: Session, signed_in: As
) -> None:
    olga = signed_in(called.people.olga)
    olga.get(called.funnel)
    with statements(app) as few:
        olga.get(called.funnel)
    for number in range(12):
        who = cast.person(session, f"Person {number}", f"person{number}@example.org")
        admissions.asked(session, admissions.apply(session, called.admission, who, wishes=called.people.oxford))
    session.commit()
    with statements(app) as many:
        olga.get(called.funnel)
    assert len(many) == len(few)
