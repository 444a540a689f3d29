"""Administrators change rulebooks after a look at whose dates move, and make one for a third university."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.models import Organisation, OrganisationKind
from programme.strands.cohorts.models import Candidature, FundingAward, Milestone, MilestoneRule, Rulebook
from programme.strands.cohorts.rulebooks.forms import book_data, rule_data
from programme.strands.cohorts.rulebooks.founding import found_rulebooks
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import LONG_AGO, Cast, assemble


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def ada(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    """Ada, who runs the installation."""
    return signed_in(app, session, cast.ada)


@pytest.fixture
def award(session: Session, cast: Cast) -> FundingAward:
    """An award with Alice and Bob at Oxford."""
    row = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford])
    cohort = cohorts.cohort(session, award=row)
    for somebody in (cast.alice, cast.bob):
        cohorts.candidature(session, cohort=cohort, person=somebody, home=cast.oxford)
    session.commit()
    return row


@pytest.fixture
def oxford(session: Session, cast: Cast) -> Rulebook:
    found_rulebooks(session, now=LONG_AGO)
    session.commit()
    return session.scalars(select(Rulebook).where(Rulebook.organisation_id == cast.oxford.id)).one()


def rule(session: Session, book: Rulebook, code: str) -> MilestoneRule:
    return session.scalars(
        select(MilestoneRule).where(MilestoneRule.rulebook_id == book.id, MilestoneRule.code == code)
    ).one()


def typed(data: dict[str, object], **given: object) -> dict[str, object]:
    """What a form sends: nothing for what is empty or not ticked."""
    return {name: value for name, value in {**data, **given}.items() if value not in (None, False)}


def foreseen(page: str) -> str:
    return page.partition('name="foreseen" value="')[2].partition('"')[0]


def units(session: Session, code: str) -> set[int]:
    look_again(session)
    return set(session.scalars(select(Milestone.unit).where(Milestone.code == code)))


def test_change_is_saved_once_it_was_seen_whose_dates_move(
    ada: FlaskClient, award: FundingAward, oxford: Rulebook, session: Session
) -> None:
    transfer = rule(session, oxford, "transfer")
    page, before = f"/organise/rulebooks/{oxford.id}/rules/{transfer.id}", units(session, "transfer")
    wanted = typed(rule_data(transfer), units=6)
    look = ada.post(page, data=wanted)
    assert (look.status_code, "Nothing is saved yet" in look.text) == (200, True)
    assert re.search(r"2 researchers: 4 dates move\.", look.text), "transfer, and what stands before it"
    assert units(session, "transfer") == before
    assert session.scalar(select(func.count()).where(AuditEntry.subject_kind == "rulebook")) == 0
    assert ada.post(page, data={**wanted, "foreseen": foreseen(look.text)}).status_code == 303
    assert units(session, "transfer") == {unit + 2 for unit in before}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "rulebook")).one()
    assert ((entry.before or {})["units"], (entry.after or {})["units"]) == (4, 6)
    again = ada.post(page, data={**wanted, "units": 5, "foreseen": foreseen(look.text)})
    assert "to an earlier day" in again.text, "another change is looked at first"


def test_milestone_is_added_for_an_award_retired_and_taken_up_again(
    ada: FlaskClient, award: FundingAward, oxford: Rulebook, session: Session
) -> None:
    page = f"/organise/rulebooks/{oxford.id}/rules"
    variant = {"code": "transfer", "title": "Transfer", "reckoned": "counted", "units": 6, "award": award.id}
    look = ada.post(page, data=variant)
    assert "dates move" in look.text
    ada.post(page, data={**variant, "foreseen": foreseen(look.text)})
    look_again(session)
    own = session.scalars(select(MilestoneRule).where(MilestoneRule.award_id == award.id)).one()
    later = units(session, "transfer")
    look = ada.post(f"{page}/{own.id}/retirement")
    ada.post(f"{page}/{own.id}/retirement", data={"foreseen": foreseen(look.text)})
    assert units(session, "transfer") == {unit - 2 for unit in later}
    assert ada.get(f"{page}/{own.id}").status_code == 404
    look = ada.post(page, data=variant)
    ada.post(page, data={**variant, "foreseen": foreseen(look.text)})
    assert units(session, "transfer") == later
    assert session.scalars(select(MilestoneRule.id).where(MilestoneRule.award_id == award.id)).all() == [own.id]


def test_milestone_that_another_stands_before_cannot_go(ada: FlaskClient, oxford: Rulebook, session: Session) -> None:
    transfer = rule(session, oxford, "transfer")
    page = f"/organise/rulebooks/{oxford.id}/rules/{transfer.id}"
    assert (
        "“Research integrity training” is due some weeks before this one"
        in ada.post(f"{page}/retirement", follow_redirects=True).text
    )
    hung = typed(rule_data(transfer), reckoned="before", base="submission", weeks=3)
    assert "“Research integrity training” is due some weeks before" in ada.post(page, data=hung).text
    itself = typed(rule_data(transfer), reckoned="before", base="transfer", weeks=3)
    answer = ada.post(page, data=itself)
    assert answer.status_code == 422
    look_again(session)
    assert transfer.retired_at is None


def test_what_courses_are_counted_in_stays_while_somebody_is_counted_so(
    ada: FlaskClient, award: FundingAward, oxford: Rulebook, session: Session
) -> None:
    page = f"/organise/rulebooks/{oxford.id}/details"
    assert "Courses of researchers are counted" in ada.post(page, data=typed(book_data(oxford), counting="months")).text
    two = "Michaelmas, MT\nHilary, HT, next year"
    assert "Courses of researchers are counted" in ada.post(page, data=typed(book_data(oxford), terms=two)).text
    assert "cannot be read" in ada.post(page, data=typed(book_data(oxford), terms="Michaelmas")).text
    named = "Autumn, AU\nHilary, HT, next year\nTrinity, TT, next year"
    look = ada.post(page, data=typed(book_data(oxford), terms=named, source="Ours"))
    if foreseen(look.text):
        ada.post(page, data=typed(book_data(oxford), terms=named, source="Ours", foreseen=foreseen(look.text)))
    look_again(session)
    assert (next(term.name for term in oxford.terms), oxford.source, oxford.revision) == ("Autumn", "Ours", 1)


def test_third_university_gets_a_rulebook_and_researchers_without_code(
    app: Flask, ada: FlaskClient, oxford: Rulebook, cast: Cast, session: Session
) -> None:
    third = Organisation(
        slug="third",
        name="University of Somewhere",
        short_name="Somewhere",
        kind=OrganisationKind.UNIVERSITY,
        position=9,
    )
    session.add(third)
    session.commit()
    made = ada.post("/organise/rulebooks", data={"organisation": third.id, "begin": str(oxford.id)})
    look_again(session)
    book = session.scalars(select(Rulebook).where(Rulebook.organisation_id == third.id)).one()
    assert made.location == f"/organise/rulebooks/{book.id}"
    assert [one.code for one in book.rules] == [one.code for one in oxford.rules]
    assert "Every university here has one" in ada.get("/organise/rulebooks").text
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=third))
    cohorts.candidature(session, cohort=cohort, person=cast.charlie, home=third)
    assert session.scalar(select(func.count()).select_from(Candidature)) == 1
    assert units(session, "transfer") == set(), "the test rolls its own researcher back"


def test_empty_rulebook_is_filled_from_nothing(ada: FlaskClient, oxford: Rulebook, session: Session) -> None:
    session.delete(oxford)
    session.commit()
    ada.post("/organise/rulebooks", data={"organisation": oxford.organisation_id, "begin": "terms"})
    look_again(session)
    book = session.scalars(select(Rulebook).where(Rulebook.organisation_id == oxford.organisation_id)).one()
    assert [term.code for term in book.terms] == ["AU", "SP", "SU"]
    added = {"code": "thesis", "title": "Thesis", "reckoned": "counted", "units": 9, "is_last": "y"}
    assert ada.post(f"/organise/rulebooks/{book.id}/rules", data=added).status_code == 303
    twice = ada.post(f"/organise/rulebooks/{book.id}/rules", data=added)
    assert (twice.status_code, "“thesis” is used already" in twice.text) == (422, True)


def test_rulebooks_are_for_administrators(app: Flask, session: Session, cast: Cast, oxford: Rulebook) -> None:
    olga = signed_in(app, session, cast.olga)
    transfer = rule(session, oxford, "transfer")
    for path in ("", f"/{oxford.id}", f"/{oxford.id}/details", f"/{oxford.id}/rules/{transfer.id}"):
        assert olga.get(f"/organise/rulebooks{path}").status_code == 403
    assert olga.post(f"/organise/rulebooks/{oxford.id}/rules/{transfer.id}/retirement").status_code == 403
