"""What makes a supervision joint, what may not be, and the sentence that says what to do: properties and examples."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.states import SupervisionRole
from programme.strands.cohorts.supervising.rule import Held, Place, is_joint, lacking, too_few, wrong

HOME, PARTNER, COMPANY = 1, 2, 3
PLACE = Place(researcher=9, home=HOME, home_name="Liverpool", partner=PARTNER, partner_name="Oxford")
OCTOBER, JUNE = date(2026, 10, 1), date(2027, 6, 30)
R = SupervisionRole
DR_X = Held(person=11, name="Dr X", role=R.PRIMARY, organisation=HOME, share=60, begins=OCTOBER)
DR_Y = Held(person=12, name="Dr Y", role=R.PARTNER, organisation=PARTNER, share=40, begins=OCTOBER)

days = st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 12, 31))


@st.composite
def supervisions(draw: st.DrawFn) -> Held:
    begins = draw(days)
    ends = draw(st.none() | st.integers(0, 700).map(lambda number: begins + timedelta(days=number)))
    person, role = draw(st.integers(10, 14)), draw(st.sampled_from(R))
    organisation = draw(st.sampled_from([HOME, PARTNER, COMPANY]))
    share = draw(st.integers(0, 100))
    return Held(person, f"Dr {person}", role, organisation, share, begins, ends)


@st.composite
def teams(draw: st.DrawFn) -> list[Held]:
    """Whoever may be added one after another."""
    found: list[Held] = []
    for one in draw(st.lists(supervisions(), max_size=12)):
        if wrong(one, found, PLACE) is None:
            found.append(one)
    return found


@given(teams(), days)
def test_no_day_has_two_primaries_more_than_the_whole_or_somebody_twice(team: list[Held], day: date) -> None:
    running = [one for one in team if one.runs(day)]
    assert sum(one.role is R.PRIMARY for one in running) <= 1
    assert sum(one.share for one in running) <= 100
    assert len({one.person for one in running}) == len(running)
    assert all(one.organisation == HOME for one in running if one.role is R.PRIMARY)


@given(teams(), days)
def test_nothing_lacks_on_a_day_exactly_where_it_is_joint_and_stays_so(team: list[Held], day: date) -> None:
    endless = [replace(one, ends=None) for one in team if one.runs(day)]
    assert (lacking(endless, PLACE, day=day) == []) == is_joint(endless, PLACE, day=day)
    if lacking(team, PLACE, day=day) == []:
        assert is_joint(team, PLACE, day=day)


@given(teams(), supervisions(), days)
def test_whether_one_may_be_does_not_hang_on_the_order_of_the_others(team: list[Held], one: Held, day: date) -> None:
    del day
    first, second = wrong(one, team, PLACE), wrong(one, team[::-1], PLACE)
    assert (first is None) == (second is None)


@given(teams(), days)
def test_whoever_leaves_leaves_a_sentence_where_nobody_follows(team: list[Held], day: date) -> None:
    tomorrow = day + timedelta(days=1)
    leaving = [one for one in team if one.runs(day) and one.ends == day]
    if is_joint(team, PLACE, day=day) and leaving and not is_joint(team, PLACE, day=tomorrow):
        assert any("leaves on" in sentence for sentence in lacking(team, PLACE, day=day))


def test_a_second_primary_is_told_what_to_do() -> None:
    other = replace(DR_X, person=13, name="Dr Z", share=0, begins=JUNE)
    found = wrong(other, [DR_X, DR_Y], PLACE)
    assert found is not None
    assert found.field == "role"
    assert found.sentence == (
        "Dr X is primary supervisor since 1 October 2026. End Dr X’s supervision first, or make this one co-supervisor."
    )
    assert wrong(other, [replace(DR_X, ends=JUNE - timedelta(days=1)), DR_Y], PLACE) is None


@pytest.mark.parametrize(
    ("one", "field", "words"),
    [
        (replace(DR_X, ends=OCTOBER - timedelta(days=1)), "ends_on", "before it begins on 1 October 2026"),
        (replace(DR_X, person=9), "address", "Nobody supervises themselves"),
        (replace(DR_X, organisation=PARTNER), "role", "The primary supervisor is of Liverpool"),
        (replace(DR_Y, organisation=HOME), "role", "A supervisor at the partner is of Oxford"),
        (replace(DR_Y, person=11), "address", "supervises already since 1 October 2026"),
        (replace(DR_Y, share=41), "share", "From 1 October 2026 the shares come to 101 %. 40 % are left"),
    ],
)
def test_what_may_not_be_is_said_at_its_field(one: Held, field: str, words: str) -> None:
    found = wrong(one, [] if field in {"ends_on", "role"} else [DR_X], PLACE)
    assert found is not None
    assert (found.field, words in found.sentence) == (field, True), found.sentence


def test_no_partner_is_no_joint_supervision() -> None:
    alone = replace(PLACE, partner=None, partner_name="")
    assert not is_joint([DR_X], alone, day=OCTOBER)
    assert lacking([DR_X], alone, day=OCTOBER) == [
        "Name the partner university on the record: no supervision is joint without it."
    ]
    found = wrong(DR_Y, [DR_X], alone)
    assert found is not None
    assert "No partner university is named" in found.sentence


def test_whoever_leaves_is_named_before_it_happens() -> None:
    leaves = replace(DR_X, ends=JUNE)
    assert is_joint([leaves, DR_Y], PLACE, day=JUNE)
    assert lacking([leaves, DR_Y], PLACE, day=OCTOBER) == [
        "Dr X leaves on 30 June 2027: name who is primary supervisor from 1 July 2027 on."
    ]
    after = JUNE + timedelta(days=1)
    assert not is_joint([leaves, DR_Y], PLACE, day=after)
    assert lacking([leaves, DR_Y], PLACE, day=after) == ["There is no primary supervisor: name one at Liverpool."]
    follows = replace(DR_X, person=13, name="Dr Z", begins=after)
    assert lacking([leaves, DR_Y, follows], PLACE, day=OCTOBER) == []


def test_a_gap_before_the_next_primary_is_said_with_its_end() -> None:
    coming = replace(DR_X, begins=JUNE)
    [sentence] = lacking([coming, DR_Y], PLACE, day=OCTOBER)
    assert sentence == ("There is no primary supervisor until 30 June 2027: name one at Liverpool for the time before.")


def test_advisors_do_not_count_towards_what_the_rulebook_asks() -> None:
    advisor = replace(DR_Y, role=R.ADVISOR, organisation=HOME)
    assert too_few([DR_X, DR_Y], PLACE, day=OCTOBER) == ""
    expected = "The rulebook of Liverpool asks for 2 supervisors at least; there is one."
    assert too_few([DR_X, advisor], PLACE, day=OCTOBER) == expected
