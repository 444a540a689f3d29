"""The funnel counts each application in every stage that it reached, for the university it wishes, and says so."""

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.admission.organising.funnel import Stage, Standing, bars, in_words

standings = st.lists(
    st.builds(Standing, st.sampled_from([None, 1, 2]), st.frozensets(st.sampled_from(list(Stage)))), max_size=12
)


@given(standings)
def test_universities_of_a_stage_add_up_to_it(every: list[Standing]) -> None:
    for bar in bars(every):
        assert sum(bar.by_wish.values()) == bar.number <= bar.of == len(every)


def test_what_is_drawn_is_said() -> None:
    every = [
        Standing(1, frozenset({Stage.APPLIED, Stage.REFERENCES, Stage.REVIEWED})),
        Standing(2, frozenset({Stage.APPLIED})),
    ]
    assert in_words(bars(every), begun=1) == (
        "2 people have applied: 1 with complete references, 1 reviewed, 0 decided by keys, 0 offered a place,"
        " 0 accepted, and 0 admitted. 1 form is begun and not sent."
    )
    assert in_words(bars([]), begun=0) == "Nobody has applied yet."
