"""A third university joins in the browser alone: its rulebook, its terms, its people, and a course reckoned by them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from programme.people.models import Organisation
from programme.strands.cohorts.milestones.reckoning import Falls
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward, Milestone, Rulebook
from tests.bed.databases import statements
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import Cast, assemble

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from tests.bed.clock import Clock

BOOK = {
    "counting": "terms",
    "terms": "Lent, LT, next year\nSummer, ST, next year",
    "part_time_rate": "60",
    "least_supervisors": "1",
    "shortest_suspension": "1",
    "longest_suspension": "2",
    "suspension_in_all": "3",
    "meetings_counting": "months",
    "meetings_every_full": "2",
    "meetings_every_part": "3",
    "meetings_year_month": "1",
    "source": "Their handbook.",
}
ASKED = {"reckoned": "counted", "falls": Falls.LAST_DAY.value, "is_key": "y"}
SIGNED = {"signers": ["supervisor", "organiser"], "longest_extension_full": "1"}
RULES: tuple[dict[str, Any], ...] = (
    {**ASKED, **SIGNED, "code": "upgrade", "title": "Upgrade", "form": "U1", "units": "2", "position": "1"},
    {"code": "talk", "title": "Upgrade talk", "reckoned": "before", "base": "upgrade", "weeks": "3", "position": "2"},
    {"code": "review", "title": "Yearly review", "reckoned": "yearly", "place": "1", "first_after": "1"},
    {**ASKED, "code": "thesis", "title": "Thesis", "units": "4", "is_last": "y", "needs_evidence": "y"},
)
TERMS = (
    ("Lent 2027", "LT27", "2027-01-11"),
    ("Summer 2027", "ST27", "2027-04-19"),
    ("Lent 2028", "LT28", "2028-01-10"),
)
"""Ten weeks each; Summer 2028 is in no calendar yet."""


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def ada(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    """Ada, who runs the installation."""
    return signed_in(app, session, cast.ada)


def sent(client: FlaskClient, address: str, data: dict[str, Any]) -> str:
    """Send a form that is taken, and return where it leads."""
    answer = client.post(address, data=data)
    assert answer.status_code == 303, (
        address,
        data,
        re.findall("<li>.*?</li>", answer.text.partition("error-summary")[2])[:3],
    )
    return str(answer.location)


def with_a_rulebook(ada: FlaskClient, session: Session) -> Organisation:
    """Add the university and its rulebook, with its milestones."""
    who = {"name": "University of Wessex", "short_name": "Wessex", "kind": "university"}
    assert sent(ada, "/organise/organisations", who).startswith("/organise/organisations/")
    look_again(session)
    wessex = session.scalars(select(Organisation).where(Organisation.slug == "wessex")).one()
    book = sent(ada, "/organise/rulebooks", {"organisation": wessex.id, "begin": "terms"})
    sent(ada, f"{book}/details", BOOK)
    for one in RULES:
        sent(ada, f"{book}/rules", one)
    return wessex


def with_terms(app: Flask, ada: FlaskClient, session: Session, cast: Cast, wessex: Organisation) -> FlaskClient:
    """Make Charlie its organiser, who enters its terms."""
    role = {"address": cast.charlie.address, "name": "Charlie", "role": "organiser", "organisation": "wessex"}
    sent(ada, "/organise/people/grants", {**role, "strand": ""})
    look_again(session)
    charlie = signed_in(app, session, cast.charlie)
    for label, code, first in TERMS:
        period = {"organisation": wessex.id, "kind": "teaching", "label": label, "code": code, "first_day": first}
        sent(charlie, "/organise/dates", {**period, "weeks": "10", "first_number": "1", "status": "confirmed"})
    return charlie


def with_a_researcher(charlie: FlaskClient, session: Session, wessex: Organisation) -> Candidature:
    """Make an award and a cohort, and add a researcher who is registered there."""
    award = {"title": "Wessex award", "lead": wessex.id, "kind": "focal", "training_unit": "days", "hours_a_day": "7"}
    home = sent(charlie, "/organise/awards", award)
    cohort = sent(charlie, f"{home}/cohorts", {"title": "Wessex 2026", "entry_year": "2026"})
    person = {"name": "Wren Wimborne", "address": "wren@example.ac.uk", "home": wessex.id, "mode": "full"}
    sent(charlie, f"{cohort}/researchers", {**person, "registered_on": "2027-01-11"})
    look_again(session)
    return session.scalars(select(Candidature).where(Candidature.home_organisation_id == wessex.id)).one()


def days(session: Session, row: Candidature) -> dict[str, date | None]:
    """Return when each milestone is due."""
    look_again(session)
    rows = session.scalars(select(Milestone).where(Milestone.candidature_id == row.id))
    return {f"{one.code}{one.occurrence or ''}": one.due_on for one in rows}


def test_a_course_there_is_reckoned_by_rules_that_were_typed(
    app: Flask, ada: FlaskClient, session: Session, cast: Cast
) -> None:
    wessex = with_a_rulebook(ada, session)
    charlie = with_terms(app, ada, session, cast, wessex)
    row = with_a_researcher(charlie, session, wessex)
    found = days(session, row)
    assert found["upgrade"] == date(2027, 6, 27), "the last day of the second term"
    assert found["talk"] == date(2027, 6, 6)
    assert found["thesis"] is None, "Summer 2028 is in no calendar yet"
    page = charlie.get(f"/records/{row.id}/milestones").text
    assert "Summer 2028, dates not known" in page
    assert "not known after Lent 2028" in page
    period = {"organisation": wessex.id, "kind": "teaching", "label": "Summer 2028", "code": "ST28", "weeks": "10"}
    sent(charlie, "/organise/dates", {**period, "first_day": "2028-04-17", "first_number": "1", "status": "confirmed"})
    assert days(session, row)["thesis"] == date(2028, 6, 25)


def test_its_limits_its_meetings_and_its_signers_count_there(
    app: Flask, ada: FlaskClient, session: Session, cast: Cast
) -> None:
    wessex = with_a_rulebook(ada, session)
    charlie = with_terms(app, ada, session, cast, wessex)
    row = with_a_researcher(charlie, session, wessex)
    too_long = charlie.post(f"/records/{row.id}/suspensions", data={"first_unit": row.entry_unit + 1, "units": "3"})
    assert too_long.status_code == 422
    sent(charlie, f"/records/{row.id}/suspensions", {"first_unit": row.entry_unit + 1, "units": "1", "reason": "Ill"})
    assert days(session, row)["upgrade"] == date(2028, 3, 19)
    book = session.scalars(select(Rulebook).where(Rulebook.organisation_id == wessex.id)).one()
    page = ada.get(f"/organise/rulebooks/{book.id}").text
    assert "one every 2 months full time, one every 3 months part time, counted from January" in page
    assert "supervisor, then organiser of the cohort" in page
    upgrade = next(one for one in row.milestones if one.code == "upgrade")
    assert (
        "Then the primary supervisor and an organiser sign, in this order."
        in charlie.get(f"/records/{row.id}/milestones/{upgrade.id}").text
    )


def test_a_university_that_counts_in_months_needs_no_terms(
    app: Flask, ada: FlaskClient, session: Session, cast: Cast
) -> None:
    sent(ada, "/organise/organisations", {"name": "University of Mercia", "short_name": "Mercia", "kind": "university"})
    look_again(session)
    mercia = session.scalars(select(Organisation).where(Organisation.slug == "mercia")).one()
    book = sent(ada, "/organise/rulebooks", {"organisation": mercia.id, "begin": "months"})
    sent(
        ada,
        f"{book}/rules",
        {"code": "thesis", "title": "Thesis", "reckoned": "counted", "units": "36", "is_last": "y"},
    )
    session.rollback()
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=mercia))
    row = cohorts.candidature(session, cohort=cohort, person=cast.alice, home=mercia)
    session.commit()
    assert days(session, row) == {"thesis": date(2029, 9, 30)}
    assert session.scalars(select(Cohort.id)).all() == [cohort.id]
    assert session.scalars(select(FundingAward.id)).one() == cohort.award_id


def test_who_is_here_already_is_not_added_again(ada: FlaskClient, session: Session) -> None:
    for name, short in (("university of oxford", "Elsewhere"), ("Another Oxford", "OXFORD"), ("Signs", "???")):
        answer = ada.post("/organise/organisations", data={"name": name, "short_name": short, "kind": "university"})
        assert answer.status_code == 422
        assert name in answer.text, "what was typed stays"
    assert (
        ada.post("/organise/organisations", data={"name": "X", "short_name": "X", "kind": "kingdom"}).status_code == 422
    )


def test_organisations_are_added_by_administrators(app: Flask, session: Session, cast: Cast) -> None:
    olga = signed_in(app, session, cast.olga)
    assert olga.get("/organise/organisations/new").status_code == 403
    assert olga.post("/organise/organisations", data={"name": "Mine"}).status_code == 403


@pytest.mark.one_database
@pytest.mark.parametrize("place", ["", "/{book}", "/{book}/details", "/{book}/rules/new", "/{book}/rules/{rule}"])
def test_pages_of_rulebooks_cost_the_same_for_many_milestones(
    app: Flask, ada: FlaskClient, session: Session, cast: Cast, place: str
) -> None:
    cohorts.award(session, lead=cast.oxford)
    session.commit()
    book = session.scalars(select(Rulebook).where(Rulebook.organisation_id == cast.oxford.id)).one()
    address = f"/organise/rulebooks{place.format(book=book.id, rule=book.rules[0].id)}"
    session.commit()
    ada.get(address)
    with statements(app) as few:
        assert ada.get(address).status_code == 200
    for number in range(29):
        rule = {"code": f"more{number}", "title": f"More {number}", "reckoned": "counted", "units": "3"}
        sent(ada, f"/organise/rulebooks/{book.id}/rules", rule)
    for number in range(29):
        cohorts.award(session, lead=cast.oxford, title=f"Award {number}")
    session.commit()
    with statements(app) as many:
        assert ada.get(address).status_code == 200
    assert len(many) == len(few)
