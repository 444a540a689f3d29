"""Reviewers declare before they see an application, and score as they go until the end; the chair decides between."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.flows.deciding.registrations import RegistrationsDecided
from programme.strands.cohorts.admission.applications import application
from programme.strands.cohorts.admission.plugs import facts_for_keys
from programme.strands.cohorts.admission.reviewing.actions import declare, rule, score, unlock
from programme.strands.cohorts.admission.reviewing.appointing import share_out, take_off
from programme.strands.cohorts.admission.states import Conflict, Ruling
from programme.strands.cohorts.models import Review
from tests.bed.clock import Clock
from tests.factories import admissions
from tests.factories.admissions import NOW, REVIEWS_BY
from tests.strands.cohorts.admission.conftest import As, Called, letters

C = Conflict
WORDS = "The moss is the thing."


@pytest.fixture
def review(called: Called, session: Session) -> Review:
    """Charlie, who has no role, has Alice's application, for Oxford."""
    people = called.people
    given: dict[str, Any] = {"address": people.charlie.address, "university": people.oxford}
    row = admissions.given(
        session, called.alice, admissions.reviewer(session, called.admission, people, **given), people
    )
    session.commit()
    return row


def fresh(session: Session, row: Review) -> Review:
    session.rollback()
    session.expire_all()
    return session.get_one(Review, row.id)


def page_of(row: Review) -> str:
    return f"/reviewing/applications/{row.id}"


def scores(called: Called, half_points: int = 7) -> dict[int, int]:
    """The same for every criterion."""
    return {one.id: half_points for one in called.admission.criteria}


def test_nothing_of_an_application_is_seen_before_it_is_declared(
    called: Called, review: Review, session: Session, signed_in: As
) -> None:
    charlie = signed_in(called.people.charlie)
    assert letters(session, "reviews_waiting") == [("reviews_waiting", called.people.charlie.address)]
    assert "Alice Aldgrove" in charlie.get(f"/reviewing/{called.admission.id}").get_data(as_text=True)
    before = charlie.get(page_of(review)).get_data(as_text=True)
    assert "What ties you to this applicant?" in before
    assert "We look at moss." not in before
    charlie.post(f"{page_of(review)}/declaration", data={"conflict": "none"})
    assert "We look at moss." in charlie.get(page_of(review)).get_data(as_text=True)


@pytest.mark.parametrize("conflict", [C.SUPERVISOR_OR_MENTOR, C.FINANCIAL, C.PERSONAL])
@pytest.mark.one_database
def test_some_conflicts_recuse_by_themselves_and_for_good(
    called: Called, review: Review, session: Session, signed_in: As, conflict: Conflict
) -> None:
    charlie = signed_in(called.people.charlie)
    charlie.post(f"{page_of(review)}/declaration", data={"conflict": conflict.value})
    shown = charlie.get(page_of(review)).get_data(as_text=True)
    assert "You do not review this application." in shown
    assert "We look at moss." not in shown
    again = charlie.post(f"{page_of(review)}/declaration", data={"conflict": "none"})
    assert again.status_code == 422
    assert fresh(session, review).conflict is conflict
    assert charlie.post(f"{page_of(review)}/scores", data={"remarks": "x"}).status_code == 404


def test_the_chair_decides_about_one_department_and_it_is_all_kept(
    called: Called, review: Review, session: Session, signed_in: As
) -> None:
    charlie, omar = signed_in(called.people.charlie), signed_in(called.people.omar)
    wordless = charlie.post(f"{page_of(review)}/declaration", data={"conflict": "same_department"})
    assert wordless.status_code == 422
    charlie.post(f"{page_of(review)}/declaration", data={"conflict": "same_department", "words": "Down the corridor"})
    assert "We look at moss." not in charlie.get(page_of(review)).get_data(as_text=True)
    organisers = f"/organise/applications/{called.alice.id}"
    assert "Down the corridor" in omar.get(organisers).get_data(as_text=True)
    omar.post(f"{organisers}/reviews/{review.id}/ruling", data={"ruling": "may_review"})
    assert "We look at moss." in charlie.get(page_of(review)).get_data(as_text=True)
    charlie.post(f"{page_of(review)}/declaration", data={"conflict": "personal"})
    log = select(AuditEntry.verb, AuditEntry.person_id).where(AuditEntry.verb.like("%conflict"))
    session.rollback()
    assert [tuple(row) for row in session.execute(log.order_by(AuditEntry.id))] == [
        ("declared a conflict", called.people.charlie.id),
        ("decided about a conflict", called.people.omar.id),
        ("declared a conflict", called.people.charlie.id),
    ]
    told = omar.get(organisers).get_data(as_text=True)
    assert "declared same department" in told
    assert "declared personal" in told


def test_an_organiser_does_not_decide_about_their_own_review(called: Called, session: Session) -> None:
    people = called.people
    given: dict[str, Any] = {"address": people.omar.address, "university": people.oxford}
    row = admissions.given(
        session, called.alice, admissions.reviewer(session, called.admission, people, **given), people
    )
    declare(session, row.id, C.SAME_DEPARTMENT, words="Mine", actor=called.omar, now=NOW)
    with pytest.raises(Refusal, match="Another organiser"):
        rule(session, row.id, Ruling.MAY_REVIEW, actor=called.omar, now=NOW)
    assert rule(session, row.id, Ruling.MAY_REVIEW, actor=called.olga, now=NOW).ruling is Ruling.MAY_REVIEW


def test_scores_are_saved_as_one_goes_in_halves(
    called: Called, review: Review, session: Session, signed_in: As
) -> None:
    charlie = signed_in(called.people.charlie)
    charlie.post(f"{page_of(review)}/declaration", data={"conflict": "none"})
    first, *others = called.admission.criteria
    charlie.post(f"{page_of(review)}/scores", data={f"c{first.id}": "7", "remarks": WORDS})
    assert [(row.criterion_id, row.half_points) for row in fresh(session, review).scores] == [(first.id, 7)]
    shown = charlie.get(page_of(review)).get_data(as_text=True)
    assert WORDS in shown
    assert '<option selected value="7">3½</option>' in shown
    odd = charlie.post(f"{page_of(review)}/scores", data={f"c{first.id}": "11", "remarks": "Kept"})
    assert (odd.status_code, "Kept" in odd.get_data(as_text=True)) == (422, True)
    charlie.post(f"{page_of(review)}/scores", data={f"c{one.id}": "8" for one in called.admission.criteria})
    assert len(fresh(session, review).scores) == 1 + len(others)
    found = application(session, called.admission, called.alice)
    assert (found.judged.number, found.judged.mean, found.is_reviewed) == (1, 4.0, True)


def test_scores_lock_at_the_end_and_a_reason_opens_them_again(
    called: Called, review: Review, session: Session, signed_in: As, clock: Clock
) -> None:
    charlie, olga = signed_in(called.people.charlie), signed_in(called.people.olga)
    declare(session, review.id, C.NONE, words="", actor=called.olga, now=NOW)
    session.commit()
    clock.set(REVIEWS_BY)
    sent = {f"c{called.admission.criteria[0].id}": "9", "remarks": "Late"}
    assert charlie.post(f"{page_of(review)}/scores", data=sent).status_code == 422
    assert fresh(session, review).scores == []
    unlocking = f"/organise/admissions/{called.admission.id}/reviewers/{review.reviewer_id}/unlocking"
    assert olga.get(unlocking).status_code == 200
    until = {"until-date": "2027-03-05", "until-time": "17:00"}
    assert olga.post(unlocking, data={**until, "reason": ""}).status_code == 422
    assert olga.post(unlocking, data={**until, "reason": "They were ill."}).status_code == 303
    assert charlie.post(f"{page_of(review)}/scores", data=sent).status_code == 303
    session.rollback()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "unlocked scores")).one()
    assert (entry.after or {})["why"] == "They were ill."
    session.rollback()
    clock.set(REVIEWS_BY + timedelta(days=5))
    assert charlie.post(f"{page_of(review)}/scores", data=sent).status_code == 422


def test_a_recused_reviewer_never_counts_even_after_they_scored(
    called: Called, review: Review, session: Session
) -> None:
    declare(session, review.id, C.NONE, words="", actor=called.olga, now=NOW)
    score(session, review.id, scores(called, 10), words="", actor=called.olga, now=NOW)
    assert application(session, called.admission, called.alice).judged.mean == 5.0
    declare(session, review.id, C.PERSONAL, words="", actor=called.olga, now=NOW)
    found = application(session, called.admission, called.alice)
    assert (found.judged.number, found.readers, found.is_reviewed) == (0, 0, False)


def test_whoever_turns_a_key_reads_the_mean_score(called: Called, review: Review, session: Session) -> None:
    subject = RegistrationsDecided((facts_for_keys,))
    assert ("Mean score", "Nobody has scored it yet") in subject.facts(session, called.alice.id)
    declare(session, review.id, C.NONE, words="", actor=called.olga, now=NOW)
    score(session, review.id, scores(called), words="", actor=called.olga, now=NOW)
    facts = dict(subject.facts(session, called.alice.id))
    assert (facts["Mean score"], facts["References"]) == ("3.5 of 5, by 1 of 1", "0 of 2")
    assert facts["Title of your project"] == "Moss on Mersey stone"


def test_applications_are_shared_out_between_both_universities(called: Called, session: Session) -> None:
    people = called.people
    for name, university in (("ina", people.liverpool), ("jon", people.liverpool), ("kit", people.oxford)):
        admissions.reviewer(session, called.admission, people, address=f"{name}@example.org", university=university)
    found = share_out(session, called.admission.id, each=1, actor=called.omar, now=NOW)
    assert (found.readings, found.told) == (4, 3)
    rows = session.scalars(select(Review)).all()
    universities = {(row.registration_id, row.reviewer.organisation_id) for row in rows}
    assert universities == {
        (one.id, own.id) for one in (called.alice, called.bob) for own in (people.liverpool, people.oxford)
    }
    assert share_out(session, called.admission.id, each=1, actor=called.omar, now=NOW).readings == 0


def test_an_applicant_who_reviews_never_gets_their_own_application(called: Called, session: Session) -> None:
    people = called.people
    own = admissions.reviewer(
        session, called.admission, people, address=people.alice.address, university=people.liverpool
    )
    share_out(session, called.admission.id, each=1, actor=called.olga, now=NOW)
    assert [row.registration_id for row in session.scalars(select(Review))] == [called.bob.id]
    with pytest.raises(Refusal, match="their own application"):
        admissions.given(session, called.alice, own, people)


def test_whoever_has_scored_stays_a_reviewer(called: Called, review: Review, session: Session) -> None:
    declare(session, review.id, C.NONE, words="", actor=called.olga, now=NOW)
    score(session, review.id, scores(called), words="", actor=called.olga, now=NOW)
    with pytest.raises(Refusal, match="They have scored already"):
        take_off(session, review.reviewer_id, actor=called.olga, now=NOW)
    with pytest.raises(Refusal, match="Say why"):
        unlock(session, review.reviewer_id, REVIEWS_BY, reason="", actor=called.olga, now=NOW)


def test_my_programme_leads_reviewers_and_applicants_to_what_they_have_to_do(
    called: Called, review: Review, session: Session, signed_in: As
) -> None:
    charlie, alice = signed_in(called.people.charlie), signed_in(called.people.alice)
    shown = charlie.get("/me").get_data(as_text=True)
    assert "1 application to review" in shown
    assert f'href="/reviewing/{called.admission.id}"' in shown
    assert "Name your referees" in alice.get("/me").get_data(as_text=True)
    declare(session, review.id, C.PERSONAL, words="", actor=called.olga, now=NOW)
    admissions.asked(session, called.alice)
    session.commit()
    assert "to review" not in charlie.get("/me").get_data(as_text=True)
    assert "Name your referees" not in alice.get("/me").get_data(as_text=True)
