"""What a decision about many did to offers is undone like anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.core.transitions import move
from programme.engines.registration.deciding.states import UNDONE_MOVES
from programme.engines.registration.models import Registration
from programme.engines.registration.states import REGISTRATION_MOVES, RegistrationState

R = RegistrationState
BY_A_DECISION = frozenset({R.CONFIRMED, R.OFFERED, R.WAITLISTED, R.REFUSED})


@given(before=st.sampled_from(RegistrationState), after=st.sampled_from(sorted(BY_A_DECISION)))
def test_wherever_a_decision_leads_it_leads_back(before: RegistrationState, after: RegistrationState) -> None:
    if after not in REGISTRATION_MOVES[before] or before is R.DRAFT:
        return
    row = Registration(state=after)
    move(row, before, moves=UNDONE_MOVES)
    assert row.state is before


@pytest.mark.parametrize("before", [R.LAPSED, R.CANCELLED])
def test_what_had_ended_by_itself_comes_not_back(before: RegistrationState) -> None:
    assert all(before not in back for back in UNDONE_MOVES.values())
