"""The planning page: whose it is, what stands on it, what there is to think about, and what it costs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from programme.engines.calendar.models import AcademicPeriod, Venue, WarningPutAside
from programme.engines.calendar.states import EventState, PeriodKind, PeriodStatus
from programme.engines.calendar.warnings.values import Kind
from programme.engines.registration.states import Eligibility
from programme.flows.warning.finding import of_events
from programme.people.groups.models import Group
from programme.people.identity import actor_of
from programme.people.states import Strand
from programme.strands.cohorts.models import Milestone, MilestoneRule
from tests.bed.databases import statements
from tests.factories import cohorts, things
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.people.models import Organisation, Person
    from programme.strands.cohorts.models import Cohort
    from tests.bed.clock import Clock

MONDAY = datetime(2027, 2, 15, 10, tzinfo=UTC)
MAY_DAY = datetime(2027, 5, 3, 9, tzinfo=UTC)


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """The cohort of an award of Liverpool's that Oxford shares, with Alice and Bob in it."""
    row = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford]))
    cohorts.candidature(session, cohort=row, person=cast.alice, home=cast.liverpool, partner=cast.oxford)
    cohorts.candidature(session, cohort=row, person=cast.bob, home=cast.oxford, partner=cast.liverpool)
    session.commit()
    return row


def training(session: Session, lead: Organisation, title: str, starts: datetime, **given: Any) -> Event:
    """Add an event of the strand at a site."""
    site = given.pop("site", "LIV")
    venue = session.scalars(select(Venue).where(Venue.site == site).order_by(Venue.id)).first()
    assert venue is not None
    hours = given.pop("hours", 2)
    values = {"strand": Strand.COHORTS, "venue_id": venue.id, "ends_at": starts + timedelta(hours=hours), **given}
    return things.event(session, lead=lead, title=title, starts_at=starts, **values)


def page(client: FlaskClient, session: Session, who: Person, cohort: Cohort, query: str = "") -> str:
    """Return the page as somebody sees it."""
    client.set_cookie("programme_session", cookie_for(session, who))
    answer = client.get(f"/organise/cohorts/{cohort.id}/planning{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def week_of(text: str, monday: date) -> str:
    """Return what stands on the page of one week."""
    return text.partition(f'id="w-{monday.isoformat()}"')[2].partition('id="w-')[0]


def test_whoever_has_no_part_in_the_award_finds_nothing(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    cohort.award.co_owners = []
    session.commit()
    for who, status in ((cast.omar, 404), (cast.ada, 404), (cast.alice, 404), (cast.olga, 200)):
        client.set_cookie("programme_session", cookie_for(session, who))
        assert client.get(f"/organise/cohorts/{cohort.id}/planning").status_code == status, who.name
        asked = client.get(f"/organise/cohorts/{cohort.id}/residentials/new").status_code
        assert asked == status, who.name
    client.delete_cookie("programme_session")
    assert client.get(f"/organise/cohorts/{cohort.id}/planning").status_code == 303


def test_a_week_has_both_universities_labels_events_and_what_is_due_as_counts(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    training(session, cast.liverpool, "Writing clinic", MONDAY)
    other = cohorts.cohort(session, award=cohort.award, entry_year=2025)
    cohorts.candidature(session, cohort=other, person=cast.charlie, home=cast.oxford)
    rows = session.scalars(select(Milestone).join(MilestoneRule).where(MilestoneRule.code == "transfer")).all()
    for row in rows:
        row.due_on = MONDAY.date()
    session.commit()
    text = page(client, session, cast.olga, cohort, "?year=2026")
    week = week_of(text, MONDAY.date())
    assert "5th Wk HT27" in week
    assert "dates not confirmed" in week
    assert "Writing clinic" in week
    assert (
        f'<a href="/organise/cohorts/{cohort.id}/milestones">1 researcher</a>' in week
    )  # Bob's alone: Charlie is of another cohort
    assert not any(name in text for name in ("Alice", "Bob", "Charlie"))


def test_only_events_of_the_cohort_that_the_reader_may_see_are_shown(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    training(session, cast.liverpool, "Shared by Liverpool", MONDAY)
    training(session, cast.oxford, "Draft of Oxford", MONDAY, state=EventState.DRAFT, published_at=None)
    training(session, cast.liverpool, "Of another strand", MONDAY, strand=Strand.EXCHANGE)
    training(session, cast.council, "Of others", MONDAY)
    training(session, cast.liverpool, "Called off", MONDAY, state=EventState.CANCELLED)
    meant = training(session, cast.liverpool, "Meant for them", MONDAY, strand=Strand.EXCHANGE)
    elsewhere = training(session, cast.liverpool, "For the next cohort", MONDAY)
    following = cohorts.cohort(session, award=cohort.award, entry_year=2027)
    for event, owner in ((meant, cohort), (elsewhere, following)):
        admit(session, cast.liverpool, event, owner)
    session.commit()
    text = page(client, session, cast.olga, cohort)
    assert "Shared by Liverpool" in text
    assert "Meant for them" in text
    for title in ("Draft of Oxford", "Of another strand", "Of others", "Called off", "For the next cohort"):
        assert title not in text, title
    assert "Draft of Oxford" in page(client, session, cast.omar, cohort)


def admit(session: Session, organisation: Organisation, event: Event, owner: Cohort) -> None:
    """Open an event to the group of a cohort."""
    group = Group(title=owner.title, organisation_id=organisation.id, owner_kind="cohort", owner_id=owner.id)
    group.created_at = LONG_AGO
    session.add(group)
    session.flush()
    things.opening(session, events=[event], eligibility=Eligibility.GROUP, eligible_group_id=group.id)


def test_two_events_too_close_for_the_way_are_told_twice_with_the_next_step(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    training(session, cast.liverpool, "Morning in Liverpool", MONDAY)
    late = training(session, cast.oxford, "Afternoon in Oxford", MONDAY + timedelta(hours=4), site="OXF")
    session.commit()
    text = page(client, session, cast.olga, cohort)
    assert text.count("Too close for the way") == 2
    week = week_of(text, MONDAY.date())
    assert "2 h between, 3 h 10 needed at the least" in week.replace("\N{NO-BREAK SPACE}", " ")
    assert text.count("Let the second begin later, or let people join it online.") == 2
    late.state = EventState.CANCELLED
    session.commit()
    assert "Too close for the way" not in page(client, session, cast.olga, cohort)


def test_holidays_closures_terms_and_due_days_are_told(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    event = training(session, cast.liverpool, "May skills day", MAY_DAY)
    training(session, cast.liverpool, "At Easter", datetime(2027, 3, 30, 9, tzinfo=UTC))
    closed = {"kind": PeriodKind.CLOSURE, "label": "Maintenance", "code": "M", "first_day": date(2027, 5, 3)}
    row = AcademicPeriod(organisation_id=cast.oxford.id, weeks=1, status=PeriodStatus.CONFIRMED, **closed)
    row.numbering, row.first_number, row.weeks_before, row.weeks_after = "ordinal", 1, 0, 0
    session.add(row)
    transfer = session.scalars(select(Milestone).join(MilestoneRule).where(MilestoneRule.code == "transfer")).one()
    transfer.due_on = MAY_DAY.date()
    session.commit()
    week = week_of(page(client, session, cast.olga, cohort), MAY_DAY.date())
    for said in ("Early May bank holiday", "Oxford: Maintenance", "Closed", "Bank holiday", "A milestone is due"):
        assert said in week, said
    assert "1 event lies in the vacation of Oxford" in page(client, session, cast.olga, cohort)
    mark = week.count("Bank holiday")
    assert mark == 1
    session.add(WarningPutAside(event_id=event.id, mark=holiday_mark(session, cast, event), put_aside_at=LONG_AGO))
    session.commit()
    assert "Bank holiday" not in week_of(page(client, session, cast.olga, cohort), MAY_DAY.date())


def holiday_mark(session: Session, cast: Cast, event: Event) -> str:
    """Return the mark of the warning of the bank holiday."""
    found = of_events(session, [event], actor=actor_of(cast.olga), now=LONG_AGO)[event.id]
    return next(one.mark for one in found if one.kind is Kind.HOLIDAY)


def test_a_year_that_is_not_offered_is_left_out_and_said(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    answer = client.get(f"/organise/cohorts/{cohort.id}/planning?year=1066")
    assert answer.status_code == 400
    assert "Planning, 2026–27" in answer.get_data(as_text=True)
    assert "Planning, 2029–30" in page(client, session, cast.olga, cohort, "?year=2029")


def test_the_page_of_the_cohort_leads_there_and_back(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    home = f"/organise/cohorts/{cohort.id}"
    assert f'href="{home}"' in page(client, session, cast.omar, cohort)
    assert f'href="{home}/planning"' in client.get(home).get_data(as_text=True)


def test_co_owner_reads_it_and_plans(client: FlaskClient, session: Session, cast: Cast, cohort: Cohort) -> None:
    assert "/residentials/new" in page(client, session, cast.omar, cohort)
    assert client.get(f"/organise/cohorts/{cohort.id}/residentials/new").status_code == 200


def test_statements_do_not_grow_with_events(
    app: Flask, client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    found = []
    for number in range(30):
        title = f"Training {number}"
        training(session, cast.liverpool, title, MONDAY + timedelta(days=number), site=("LIV", "OXF")[number % 2])
        if number in {0, 29}:
            session.commit()
            page(client, session, cast.olga, cohort)
            with statements(app) as seen:
                page(client, session, cast.olga, cohort)
            found.append(len(seen))
    assert found[0] == found[1], found


def test_the_rail_says_which_terms_of_both_universities_run_in_each_month(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    text = page(client, session, cast.olga, cohort, "?year=2026")
    rail = " ".join(re.sub(r"<[^>]+>", "", text.partition('class="ruler pruler')[2].partition("</nav>")[0]).split())
    assert re.search(r"February 2027 .*?Liverpool: not confirmed\.\s?Oxford: HT27\.", rail)
    assert re.search(r"August 2027 .*?Oxford: vacation\.", rail)


def test_an_event_with_several_things_to_think_about_stands_once_at_the_top(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    training(session, cast.liverpool, "May walk", MAY_DAY, hours=6)
    training(session, cast.liverpool, "Reading group", MAY_DAY + timedelta(hours=4))
    session.commit()
    text = page(client, session, cast.olga, cohort, "?year=2026")
    first = text.partition('id="think-h"')[2].partition("</section>")[0]
    assert first.count("Reading group") == 1
    assert first.count("Bank holiday") == 2
    assert "At the same time" in first
