"""Keeping places for an organisation in the form of an opening: what is taken, what is refused, and where it shows."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.times import to_wall
from programme.engines.registration.models import Quota
from tests.factories.things import SOON
from tests.screens.roll.conftest import Evening, letters, text_of

SETTINGS: dict[str, Any] = {
    "title": "Quantum sensing for chemists",
    "capacity": "30",
    "has_waiting_list": "y",
    "places_by": "first_come",
    "eligibility": "anyone",
    "unproved_hours": "24",
}


def line(number: int, organisation: object = "", **typed: object) -> dict[str, object]:
    """One line of the quotas as a browser sends it."""
    parts = {"organisation": organisation, "places": "", "days": "", "release-date": "", "release-time": "", **typed}
    return {f"quotas-{number}-{name}": value for name, value in parts.items()}


def sent(evening: Evening, *lines: dict[str, object], **given: object) -> dict[str, Any]:
    """The whole form."""
    found: dict[str, Any] = {**SETTINGS, "events": evening.event_id, **given}
    for one in lines:
        found |= one
    return found


def kept(session: Session) -> list[tuple[str, int, int | None, bool]]:
    """What is kept for whom: slug, places, days before, and whether an instant is given."""
    session.rollback()
    rows = session.scalars(select(Quota).order_by(Quota.organisation_id)).all()
    return [(row.organisation.slug, row.places, row.release_days, row.release_at is not None) for row in rows]


def test_places_are_kept_for_both_universities_and_the_pages_say_so(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    people = evening.people
    day = to_wall(SOON - timedelta(days=2)).date().isoformat()
    first = line(0, people.liverpool.id, places="10", days="3")
    second = line(1, people.oxford.id, places="10", **{"release-date": day, "release-time": "09:00"})
    saved = olga.post(f"{evening.home}/edit", data=sent(evening, first, second), follow_redirects=True)
    assert "Saved." in text_of(saved)
    assert kept(session) == [("liverpool", 10, 3, False), ("oxford", 10, None, True)]
    page = text_of(olga.get(f"{evening.home}/edit"))
    assert page.count('value="10"') == 2
    assert 'name="quotas-2-places"' in page, "there is room for one more"
    roll = text_of(olga.get(evening.home))
    assert "Liverpool’s share: 0 of 10" in roll
    assert "10 places are kept for Liverpool until" in roll
    trail = text_of(olga.get("/organise/audit"))
    assert "Places kept" in trail
    assert "10 for Liverpool until 3 days before" in trail


def test_keeping_places_nobody_needs_any_more_moves_people_up(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    kept_for = line(0, evening.people.oxford.id, places="1", days="3")
    olga.post(f"{evening.home}/edit", data=sent(evening, kept_for, capacity="3"))
    assert kept(session) == [("oxford", 1, 3, False)]
    assert letters(session) == [], "Charlie counts for nobody"
    answer = olga.post(f"{evening.home}/edit", data=sent(evening, line(0), capacity="3"), follow_redirects=True)
    assert "Saved. 1 person moved up and is told." in text_of(answer)
    assert [kind for kind, _ in letters(session)] == ["registration_promoted"]
    assert kept(session) == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("places", "more", "given", "sentence"),
    [
        ("31", {"days": "3"}, {}, "31 places are kept, but there are only 30 places"),
        ("10", {"days": "3"}, {"capacity": ""}, "Enter how many places there are, as some of them are kept."),
        ("-4", {"days": "3"}, {}, "Enter a whole number from 0"),
        ("", {"days": "3"}, {}, "Enter how many places are kept."),
        ("ten", {"days": "3"}, {}, "Enter a whole number, in digits."),
        ("10", {}, {}, "Say until when"),
        ("10", {"days": "3", "release-date": "2027-02-01", "release-time": "09:00"}, {}, "not both"),
        ("10", {"release-date": "2027-03-01", "release-time": "09:00"}, {}, "That is after the first event begins"),
        ("10", {"release-date": "2027-02-30", "release-time": "09:00"}, {}, "Enter a day like"),
        ("10", {"days": "3"}, {"events": []}, "no event can be taken out"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    evening: Evening,
    olga: FlaskClient,
    session: Session,
    places: str,
    more: dict[str, object],
    given: dict[str, object],
    sentence: str,
) -> None:
    typed = line(0, evening.people.liverpool.id, places=places, **more)
    answer = olga.post(f"{evening.home}/edit", data=sent(evening, typed, note="Typed already.", **given))
    page = text_of(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert "put right" in page
    assert "Typed already." in page
    assert f'value="{places}"' in page or not places
    assert kept(session) == []


@pytest.mark.one_database
def test_one_organisation_has_one_share(evening: Evening, olga: FlaskClient, session: Session) -> None:
    lines = [line(number, evening.people.oxford.id, places="5", days="3") for number in range(2)]
    answer = olga.post(f"{evening.home}/edit", data=sent(evening, *lines))
    assert answer.status_code == 422
    assert "Places are kept for this organisation already: change that line." in text_of(answer)
    assert 'href="#quotas-1-places"' in text_of(answer)
    assert kept(session) == []


@pytest.mark.one_database
def test_places_for_nobody_ask_for_whom(evening: Evening, olga: FlaskClient) -> None:
    answer = olga.post(f"{evening.home}/edit", data=sent(evening, line(0, places="5", days="3")))
    assert answer.status_code == 422
    assert "Choose for whom these places are kept." in text_of(answer)


@pytest.mark.one_database
def test_nonsense_and_organisations_that_are_not_there_are_refused(evening: Evening, olga: FlaskClient) -> None:
    for organisation in ("999999", "x", str(2**63), "\0"):
        answer = olga.post(f"{evening.home}/edit", data=sent(evening, line(0, organisation, places="5", days="3")))
        assert answer.status_code == 422
