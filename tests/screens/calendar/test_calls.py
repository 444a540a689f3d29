"""What one may apply for that belongs to no event is found where what's on is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from programme.engines.registration.models import Opening
from programme.engines.registration.states import Eligibility, OpeningState
from programme.people.states import Strand
from tests.factories.cast import LONG_AGO, Cast, assemble
from tests.factories.things import event, opening

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")
NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def call(session: Session, cast: Cast, title: str, **given: Any) -> Opening:
    """Open something that admits to no event."""
    values: dict[str, Any] = {
        "strand": Strand.PLACEMENTS,
        "state": OpeningState.OPEN,
        "lead_organisation_id": cast.oxford.id,
        "created_at": LONG_AGO,
        "closes_at": NOW + timedelta(days=14),
        **given,
    }
    row = Opening(title=title, **values)
    session.add(row)
    session.commit()
    return row


def test_a_call_stands_on_what_is_on_and_on_the_page_of_its_strand(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = call(session, cast, "Summer internships")
    for address in ("/", "/?strand=placements", "/strands/placements"):
        page = client.get(address).text
        assert f'href="/openings/summer-internships-{row.id}/registration"' in page
        assert "January 2027, in 14 days" in page
    for address in ("/?strand=exchange", "/strands/exchange", "/?from=2027-06-01"):
        assert "Summer internships" not in client.get(address).text


def test_the_first_to_close_comes_first_and_one_that_is_not_open_yet_says_so(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    call(session, cast, "Whenever", closes_at=None)
    call(session, cast, "Later", closes_at=NOW + timedelta(days=40), opens_at=NOW + timedelta(days=6))
    call(session, cast, "Sooner")
    page = client.get("/").text
    assert page.index("Sooner") < page.index("Later") < page.index("Whenever")
    assert "Opens Monday 18 January" in page


@pytest.mark.parametrize(
    "given",
    [
        {"state": OpeningState.DRAFT},
        {"state": OpeningState.CLOSED},
        {"closes_at": NOW},
        {"eligibility": Eligibility.INVITED},
        {"eligibility": Eligibility.ADDRESSES},
        {"eligibility": Eligibility.GROUP},
    ],
)
def test_what_is_not_for_everybody_or_not_open_is_not_shown(
    client: FlaskClient, session: Session, cast: Cast, given: dict[str, Any]
) -> None:
    call(session, cast, "Summer internships", **given)
    assert "Summer internships" not in client.get("/").text
    assert 'id="apply"' not in client.get("/strands/placements").text


def test_an_opening_of_an_event_is_found_by_its_event_alone(client: FlaskClient, session: Session, cast: Cast) -> None:
    opening(session, events=[event(session, lead=cast.oxford)], title="For founders", closes_at=NOW + timedelta(days=3))
    session.commit()
    assert "For founders" not in client.get("/").text
