"""The term card: week by week in a university's weeks, of what everybody may see."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from programme.engines.calendar.models import AcademicPeriod
from programme.engines.calendar.states import EventState, PeriodKind, Visibility
from programme.people.states import Strand
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import event

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def weeks(page: str) -> dict[str, str]:
    """The text of each week of a card, by its title."""
    found = re.findall(r'<section class="cweek[^"]*".*?</section>', page, re.DOTALL)
    told = {re.search(r"<h2[^>]*>(.*?)</h2>", one): re.sub(r"<[^>]+>|\s+", " ", one) for one in found}
    return {match[1]: text for match, text in told.items() if match}


def test_card_goes_week_by_week_in_oxford_s_weeks(client: FlaskClient, session: Session, cast: Cast) -> None:
    event(session, lead=cast.oxford, title="Cohort day", strand=Strand.COHORTS)
    event(session, lead=cast.oxford, title="Called off", state=EventState.CANCELLED)
    event(session, lead=cast.oxford, title="After term", starts_at=datetime(2027, 3, 25, 10, tzinfo=UTC))
    session.commit()
    page = client.get("/term-card?term=oxford-hilary-2027").text
    found = weeks(page)
    assert list(found)[:2] == ["1st week", "2nd week"]
    assert "14 to 20 February" in found["5th week"]
    assert "Cohort day" in found["5th week"]
    assert "Cancelled" in found["5th week"]
    assert "Nothing planned" in found["1st week"]
    assert "After term" in found["Vacation"]
    assert "Friday 26 March: Good Friday, a bank holiday" in found["Vacation"]
    of_strand = client.get("/term-card?term=oxford-hilary-2027&strand=cohorts").text
    assert "Cohort day" in of_strand
    assert "Called off" not in of_strand
    assert '/subscribe?strand=cohorts">' in of_strand


def test_closures_stand_on_the_card(client: FlaskClient, session: Session, cast: Cast) -> None:
    event(session, lead=cast.oxford)
    session.add(
        AcademicPeriod(
            organisation_id=cast.oxford.id,
            kind=PeriodKind.CLOSURE,
            label="A day for the roof",
            code="R",
            first_day=date(2027, 2, 15),
            weeks=1,
        )
    )
    session.commit()
    found = weeks(client.get("/term-card?term=oxford-hilary-2027").text)
    assert "Monday 15 to Saturday 20 February: Oxford is closed: A day for the roof" in found["5th week"]
    assert "Sunday 21 February: Oxford is closed" in found["6th week"]


def test_card_is_of_today_s_term_and_shows_liverpool_s_weeks_once_they_are_entered(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    event(session, lead=cast.oxford)
    session.commit()
    assert re.search(r"<h1[^>]*>(Michaelmas 2026|Hilary 2027)</h1>", client.get("/term-card").text)
    session.add(
        AcademicPeriod(
            organisation_id=cast.liverpool.id, label="Semester 2", code="S2", first_day=date(2027, 2, 1), weeks=12
        )
    )
    session.commit()
    page = client.get("/term-card?term=liverpool-semester-2-2027").text
    assert "Quantum sensing" in weeks(page)["Week 3"]
    assert "5th Wk HT27" in weeks(page)["Week 3"]
    assert ">Semester 2, 2027</h1>" in client.get("/term-card?university=liverpool").text


def test_empty_term_says_so_and_leads_to_the_next_with_anything(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    event(session, lead=cast.oxford, starts_at=datetime(2027, 5, 11, 10, tzinfo=UTC))
    session.commit()
    page = client.get("/term-card?term=oxford-hilary-2027").text
    assert "Nothing is planned in this term yet" in page
    assert '<a href="/term-card?term=oxford-trinity-2027">Trinity 2027</a>' in page


def test_paper_that_hangs_on_a_wall_holds_what_everybody_may_see_whoever_prints_it(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    event(session, lead=cast.oxford, title="For everybody")
    event(session, lead=cast.oxford, title="For members", visibility=Visibility.MEMBERS)
    event(session, lead=cast.oxford, title="In hiding", visibility=Visibility.HIDDEN)
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    session.commit()
    assert "For members" in client.get("/events").text
    page = client.get("/term-card?term=oxford-hilary-2027").text
    assert "For everybody" in page
    assert "For members" not in page
    assert "In hiding" not in page


def test_term_that_is_not_known_is_said_to_be_left_out(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/term-card?term=oxford-summer-1999")
    assert page.status_code == 400
    assert "We could not read the term in this address" in page.text


def test_without_any_dates_there_is_no_card(client: FlaskClient, session: Session, cast: Cast) -> None:
    session.query(AcademicPeriod).delete()
    session.commit()
    assert "The dates of term are not confirmed" in client.get("/term-card").text
