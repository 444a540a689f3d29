"""Whether answers may be changed: for every state, rule and instant, against the sentences of the settings."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.registration.deciding.changing import AnswersChange, Changing, is_decided, reason_against
from programme.engines.registration.states import PlacesBy, RegistrationState

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
STATES, WAYS = st.sampled_from(RegistrationState), st.sampled_from(PlacesBy)
UNTIL = st.none() | st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))
RULES = st.builds(Changing, st.sampled_from(AnswersChange), UNTIL, st.booleans())
ENDED = {"refused", "lapsed", "cancelled"}


def allowed(rule: str, until: datetime | None, state: str, way: str) -> bool:
    """What the settings say, in the words of the page."""
    if state in ENDED:
        return False
    if state == "draft" or rule == "registered":
        return True
    if rule == "never":
        return False
    if rule == "until":
        return until is None or until > NOON
    has_place = state in {"offered", "confirmed"}
    return not has_place and not (state == "waitlisted" and way != "first_come")


@given(RULES, STATES, WAYS)
def test_answers_change_exactly_as_the_settings_say(
    changing: Changing, state: RegistrationState, way: PlacesBy
) -> None:
    found = reason_against(changing, state, way, now=NOON)
    assert (found is None) == allowed(changing.rule.value, changing.until, state.value, way.value)
    assert found is None or found.endswith(".")


@given(RULES, STATES, WAYS, st.integers(1, 100))
def test_what_was_refused_once_is_not_allowed_later(
    changing: Changing, state: RegistrationState, way: PlacesBy, hours: int
) -> None:
    later = reason_against(changing, state, way, now=NOON + timedelta(hours=hours))
    if reason_against(changing, state, way, now=NOON) is not None:
        assert later is not None


@pytest.mark.parametrize("way", PlacesBy)
def test_whoever_waits_first_come_is_not_decided(way: PlacesBy) -> None:
    assert is_decided(RegistrationState.WAITLISTED, way) is (way is not PlacesBy.FIRST_COME)
