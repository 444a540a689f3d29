"""Where something has no day, pages say since when dates are not known, and lead whoever enters them to the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from programme.strands.cohorts.milestones.units import Counting, Named, Span, Units, month_span
from tests.factories import cohorts
from tests.factories.cast import Cast, assemble, cookie_for

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.strands.cohorts.models import Candidature
    from tests.bed.clock import Clock

LINK = '<a href="/organise/dates/new">add them here</a>'
SINCE = "Dates of terms at Oxford are not known after Trinity 2030"


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def bob(session: Session, cast: Cast) -> Candidature:
    """Bob of Oxford, who begins so late that little has a day; Oxford runs his cohort, Liverpool shares it."""
    award = cohorts.award(session, lead=cast.oxford, shared_with=[cast.liverpool])
    cohort = cohorts.cohort(session, award=award, entry_year=2029)
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford, partner=cast.liverpool)
    session.commit()
    return row


def read(client: FlaskClient, session: Session, who: Person, address: str) -> str:
    """Return a page as somebody reads it, on one line."""
    client.set_cookie("programme_session", cookie_for(session, who))
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.text.split())


def places(row: Candidature) -> dict[str, str]:
    """Return the pages of organisers on which something without a day stands."""
    undated = next(one for one in row.milestones if one.due_on is None)
    return {
        "record": f"/records/{row.id}",
        "milestones": f"/records/{row.id}/milestones",
        "milestone": f"/records/{row.id}/milestones/{undated.id}",
        "grid": f"/organise/cohorts/{row.cohort_id}/milestones",
        "planning": f"/organise/cohorts/{row.cohort_id}/planning",
    }


@pytest.mark.parametrize("place", ["record", "milestones", "milestone", "grid", "planning"])
def test_who_enters_the_dates_is_led_there(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature, place: str
) -> None:
    address = places(bob)[place]
    assert f"{SINCE}: {LINK}." in read(client, session, cast.omar, address)
    others = read(client, session, cast.olga, address)
    assert f"{SINCE}. Until its organisers add them" in others
    assert LINK not in others


@pytest.mark.parametrize("place", ["record", "milestones", "milestone"])
def test_the_researcher_reads_it_in_words(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature, place: str
) -> None:
    page = read(client, session, cast.bob, places(bob)[place])
    assert f"{SINCE}. Until Oxford announces them, what falls later has a term and no day" in page
    assert "/organise/dates" not in page


def test_the_cohort_says_it_where_what_is_next_has_no_day(
    client: FlaskClient, session: Session, cast: Cast, bob: Candidature
) -> None:
    address = f"/organise/cohorts/{bob.cohort_id}"
    for one in bob.milestones:
        one.due_on, one.due_at = None, None
    session.commit()
    assert LINK in read(client, session, cast.omar, address)
    assert "date not known yet" in read(client, session, cast.olga, address)


def test_nothing_is_said_where_every_day_is_known(client: FlaskClient, session: Session, cast: Cast) -> None:
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool))
    row = cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.liverpool)
    session.commit()
    for address in (f"/records/{row.id}/milestones", f"/organise/cohorts/{cohort.id}/planning"):
        assert "Dates of terms at" not in read(client, session, cast.olga, address)


def test_a_term_that_lacks_dates_among_others_is_named() -> None:
    named = (Named("Michaelmas", "MT"), Named("Hilary", "HT", 1), Named("Trinity", "TT", 1))
    span: Span = month_span(24_000)
    known = dict.fromkeys((6087, 6089), span)
    units = Units(Counting.TERMS, named, known)
    assert units.unknown([6090, 6095]) == "not known after Trinity 2030"
    assert units.unknown([6088, 6095]) == "not known for Hilary 2030"
    assert Units(Counting.TERMS, named).unknown([6090]) == "not known yet"
