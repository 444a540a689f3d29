"""What may be guaranteed, up to the last number that may be and the first that may not."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.registration.actions import home_among
from programme.engines.registration.models import Opening
from programme.engines.registration.openings.quotas import Kept, due_of, due_releases, keep
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast

BEGINS = things.SOON
pytestmark = pytest.mark.one_database


@pytest.fixture
def people(session: Session) -> Cast:
    """The cast."""
    return cast.assemble(session)


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    """Three places at a talk."""
    return things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=3)


def kept(people: Cast, number: int, **release: object) -> Kept:
    """So many places for Oxford."""
    return Kept(organisation_id=people.oxford.id, places=number, **(release or {"release_days": 3}))  # type: ignore[arg-type]


@pytest.mark.parametrize("first", ["liverpool", "oxford"])
def test_who_is_proved_at_both_counts_for_the_home_one_but_for_one_that_places_are_kept_for_before_it(
    people: Cast, opening: Opening, first: str
) -> None:
    both = frozenset({people.liverpool.id, people.oxford.id})
    home = getattr(people, first).id
    assert home_among(opening, both, first=home, now=LONG_AGO) == home
    keep(opening, [kept(people, 1)])
    assert home_among(opening, both, first=home, now=LONG_AGO) == people.oxford.id
    assert home_among(opening, both, first=home, now=BEGINS) == home
    assert home_among(opening, frozenset(), first=home, now=LONG_AGO) is None


@pytest.mark.parametrize("places", [1, 3])
def test_one_place_may_be_kept_and_all_of_them(people: Cast, opening: Opening, places: int) -> None:
    keep(opening, [kept(people, places)])
    assert [row.places for row in opening.quotas] == [places]


@pytest.mark.parametrize(("places", "sentence"), [(0, "1 or more"), (4, "there are only 3 places")])
def test_none_and_more_than_there_are_may_not(people: Cast, opening: Opening, places: int, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        keep(opening, [kept(people, places)])
    assert opening.quotas == []


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (365, True), (366, False)])
def test_days_before_the_event_are_none_to_a_year(people: Cast, opening: Opening, days: int, *, may: bool) -> None:
    if may:
        keep(opening, [kept(people, 1, release_days=days)])
        assert [row.release_days for row in opening.quotas] == [days]
    else:
        with pytest.raises(Refusal, match="from 0 to 365"):
            keep(opening, [kept(people, 1, release_days=days)])


def test_places_are_kept_until_the_event_begins_at_the_latest(people: Cast, opening: Opening) -> None:
    keep(opening, [kept(people, 1, release_at=BEGINS)])
    with pytest.raises(Refusal, match="after the first event begins"):
        keep(opening, [kept(people, 1, release_at=BEGINS + timedelta(minutes=1))])


def test_the_release_is_said_in_one_way(people: Cast, opening: Opening) -> None:
    for release in ({"release_days": 3, "release_at": BEGINS}, {"release_days": None, "release_at": None}):
        with pytest.raises(Refusal, match="not both"):
            keep(opening, [kept(people, 1, **release)])


def test_what_was_released_stays_so_until_it_is_given_another_release(people: Cast, opening: Opening) -> None:
    keep(opening, [kept(people, 1)])
    opening.quotas[0].released_at = BEGINS - timedelta(days=3)
    keep(opening, [kept(people, 2)])
    assert opening.quotas[0].released_at is not None
    keep(opening, [kept(people, 2, release_days=1)])
    assert opening.quotas[0].released_at is None


def test_a_quota_is_due_at_its_instant_and_not_again_once_it_is_released(
    session: Session, people: Cast, opening: Opening
) -> None:
    keep(opening, [kept(people, 1, release_at=BEGINS - timedelta(days=3))])
    session.commit()
    due = BEGINS - timedelta(days=3)
    before = due - timedelta(seconds=1)
    assert (due_releases(session, before), due_of(opening, now=before)) == ([], [])
    assert (due_releases(session, due), due_of(opening, now=due)) == ([opening.id], opening.quotas)
    opening.quotas[0].released_at = due
    session.commit()
    assert (due_releases(session, due), due_of(opening, now=due)) == ([], [])
