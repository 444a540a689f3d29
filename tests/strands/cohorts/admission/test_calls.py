"""A call for a cohort is made in one form: led and shared as its award is, decided by two keys, with a ready form."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.approvals.queries import latest_approval
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.states import PlacesBy
from programme.strands.cohorts.admission.reviewing.actions import declare, score
from programme.strands.cohorts.admission.setting_up.actions import change
from programme.strands.cohorts.admission.setting_up.wanted import USUAL_CRITERIA, Asks
from programme.strands.cohorts.admission.states import Conflict
from programme.strands.cohorts.models import Admission
from tests.factories import admissions, cohorts
from tests.factories.admissions import NOW, REFERENCES_BY, REVIEWS_BY
from tests.factories.browsers import look_again
from tests.factories.cast import Cast, assemble
from tests.strands.cohorts.admission.conftest import As, Called


def test_call_is_led_and_shared_as_its_award_is_and_keys_decide(called: Called, session: Session) -> None:
    opening, people = called.admission.opening, called.people
    assert (opening.lead_organisation_id, [row.id for row in opening.co_owners]) == (
        people.liverpool.id,
        [people.oxford.id],
    )
    assert opening.places_by is PlacesBy.DECISION
    assert keyed_terms(session, opening) is not None
    assert [row.title for row in called.admission.criteria] == [one.title for one in USUAL_CRITERIA]
    labels = [one.label for one in asked_by(opening.questionnaire)]
    assert labels[0] == "At which university would you like to be registered?"
    assert "Your proposal" in labels


def test_keys_wait_for_reviews_to_end(called: Called, session: Session) -> None:
    approval = latest_approval(session, "registration", called.alice.id)
    assert approval is not None
    assert {key.due_at for key in approval.keys} == {REVIEWS_BY + timedelta(days=14)}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"references_wanted": 4}, "references_wanted"),
        ({"references_by": NOW}, "references_by"),
        ({"reviews_by": NOW}, "reviews_by"),
        ({"criteria": ()}, "criteria"),
        ({"criteria": (replace(USUAL_CRITERIA[0], weight=0),)}, "criteria"),
        ({"criteria": (replace(USUAL_CRITERIA[0], anchors=("One",)),)}, "criteria"),
        ({"criteria": (USUAL_CRITERIA[0], USUAL_CRITERIA[0])}, "criteria"),
    ],
)
@pytest.mark.one_database
def test_what_cannot_hang_together_is_refused_where_it_stands(
    called: Called, session: Session, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        change(session, called.admission.id, replace(Asks(), **wrong), actor=called.olga, now=NOW)
    assert refused.value.field == field


def test_criteria_stay_once_somebody_has_scored_by_them(called: Called, session: Session) -> None:
    people = called.people
    reader = admissions.reviewer(
        session, called.admission, people, address=people.charlie.address, university=people.oxford
    )
    review = admissions.given(session, called.alice, reader, people)
    declare(session, review.id, Conflict.NONE, words="", actor=called.olga, now=NOW)
    score(session, review.id, {called.admission.criteria[0].id: 8}, words="", actor=called.olga, now=NOW)
    kept = tuple(replace(one, id=row.id) for one, row in zip(USUAL_CRITERIA, called.admission.criteria, strict=True))
    asks = Asks(references_wanted=1, criteria=kept)
    assert change(session, called.admission.id, asks, actor=called.omar, now=NOW).references_wanted == 1
    with pytest.raises(Refusal, match="titles and weights stay"):
        change(session, called.admission.id, replace(asks, criteria=kept[:2]), actor=called.olga, now=NOW)


def typed(criteria: int = 2, **given: str) -> dict[str, str]:
    """What a browser sends."""
    lines = {
        f"criteria-{place}-{name}": value
        for place, one in enumerate(USUAL_CRITERIA[:criteria])
        for name, value in (("title", one.title), ("weight", str(one.weight)), ("anchors", "\n".join(one.anchors)))
    }
    return {"title": "Apply", "references_wanted": "2", "offer_days": "10", "key_days": "14", **lines, **given}


def of_the_award(session: Session) -> tuple[str, Cast]:
    """A cohort of an award that both share, and its people."""
    people = assemble(session)
    award = cohorts.award(session, lead=people.liverpool, shared_with=[people.oxford])
    cohort = cohorts.cohort(session, award=award, entry_year=2027)
    session.commit()
    return f"/organise/cohorts/{cohort.id}", people


def test_one_form_makes_the_call_and_what_was_typed_stays_when_it_is_refused(session: Session, signed_in: As) -> None:
    home, people = of_the_award(session)
    olga = signed_in(people.omar)
    assert "Make a call" in olga.get(f"{home}/admission").get_data(as_text=True)
    assert olga.get(f"{home}/admissions/new").status_code == 200
    again = olga.post(f"{home}/admissions", data=typed(criteria=0, note="For two people."))
    assert again.status_code == 422
    assert "Score by 1 to 6 criteria." in again.get_data(as_text=True)
    assert "For two people." in again.get_data(as_text=True)
    assert session.scalars(select(Admission)).all() == []
    session.rollback()
    assert olga.post(f"{home}/admissions", data=typed()).status_code == 303
    (made,) = session.scalars(select(Admission)).all()
    assert (made.references_wanted, len(made.criteria)) == (2, 2)
    assert "Nobody has applied yet." in olga.get(f"{home}/admission").get_data(as_text=True)


def test_times_are_kept_and_a_changed_call_says_so(called: Called, session: Session, signed_in: As) -> None:
    olga = signed_in(called.people.olga)
    settings = f"/organise/admissions/{called.admission.id}/settings"
    assert olga.get(settings).status_code == 200
    ids = {f"criteria-{place}-id": str(row.id) for place, row in enumerate(called.admission.criteria)}
    sent = {**typed(criteria=4), **ids, "references_wanted": "3", "references_by-date": "2027-02-15"}
    assert olga.post(settings, data={**sent, "references_by-time": "17:00"}).status_code == 303
    look_again(session)
    assert called.admission.references_wanted == 3
    assert called.admission.references_by == REFERENCES_BY
    assert called.admission.reviews_by != REVIEWS_BY
