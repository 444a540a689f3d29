"""What keys come to: a property for every order and number of them, against a model written from the sentence."""

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.approvals.outcome import outcome
from programme.engines.approvals.states import APPROVAL_MOVES, KEY_MOVES, ApprovalState, KeyState

KEYS = st.lists(st.sampled_from(["waiting", "yes", "no", "closed"]), max_size=6)


def said(keys: list[str]) -> str:
    """One no ends it. Otherwise every key must have said yes."""
    for key in keys:
        if key == "no":
            return "refused"
    for key in keys:
        if key != "yes":
            return "open"
    return "granted" if keys else "open"


@given(KEYS)
def test_one_no_ends_it_and_every_yes_grants_it(keys: list[str]) -> None:
    assert outcome(KeyState(key) for key in keys).value == said(keys)


@given(KEYS.flatmap(lambda keys: st.tuples(st.just(keys), st.permutations(keys))))
def test_the_order_of_the_keys_means_nothing(orders: tuple[list[str], list[str]]) -> None:
    keys, mixed = orders
    assert outcome(map(KeyState, mixed)) is outcome(map(KeyState, keys))


@given(KEYS)
def test_a_no_more_never_helps(keys: list[str]) -> None:
    assert outcome(map(KeyState, [*keys, "no"])) is ApprovalState.REFUSED


def test_no_key_decides_nothing() -> None:
    assert outcome([]) is ApprovalState.OPEN


def test_what_is_decided_moves_no_more() -> None:
    assert {state for state, moves in APPROVAL_MOVES.items() if moves} == {ApprovalState.OPEN}
    assert {state for state, moves in KEY_MOVES.items() if moves} == {KeyState.WAITING}
