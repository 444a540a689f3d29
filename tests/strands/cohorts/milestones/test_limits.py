"""What a rulebook allows of suspensions and extensions, for every course."""

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.milestones.course import Course, Pause
from programme.strands.cohorts.milestones.limits import Limits, joined, wrong_extension, wrong_pause
from programme.strands.cohorts.milestones.units import Counting, Named, Units

TERMS = Units(Counting.TERMS, (Named("Michaelmas", "MT"), Named("Hilary", "HT", 1), Named("Trinity", "TT", 1)))
ENTRY = 2026 * 3
OXFORD = Limits(1, 3, 6)
pauses = st.builds(Pause, st.integers(ENTRY - 2, ENTRY + 30), st.integers(1, 8))
lengths = st.integers(1, 12)


def course_of(wanted: list[Pause]) -> Course:
    """Return a course with those of the pauses that are allowed one after the other."""
    course = Course(ENTRY)
    for one in wanted:
        if wrong_pause(one, course, TERMS, OXFORD) is None:
            course = Course(ENTRY, pauses=(*course.pauses, one))
    return course


@given(st.lists(pauses, max_size=8))
def test_whatever_is_allowed_one_after_the_other_keeps_every_limit(wanted: list[Pause]) -> None:
    course = course_of(wanted)
    resting = [unit for pause in course.pauses for unit in range(pause.first, pause.last + 1)]
    assert len(resting) == len(set(resting)) <= 6
    assert all(unit >= ENTRY for unit in resting)
    longest = max((joined(pause, set(course.pauses) - {pause}) for pause in course.pauses), default=0)
    assert longest <= 3


@given(st.lists(pauses, max_size=8), st.data())
def test_an_overlap_is_never_allowed_and_says_what_to_do(wanted: list[Pause], data: st.DataObject) -> None:
    course = course_of([*wanted, Pause(ENTRY + 20, 1)])
    met = data.draw(st.sampled_from(course.pauses))
    first = data.draw(st.integers(met.first - 4, met.last))
    another = Pause(first, data.draw(st.integers(max(1, met.first - first + 1), 12)))
    assert another.meets(met)
    sentence = wrong_pause(another, course, TERMS, Limits())
    assert sentence
    assert "suspend" in sentence.lower()


@given(st.lists(pauses, max_size=8), st.integers(0, 10), lengths)
def test_without_limits_whatever_meets_nothing_is_allowed(wanted: list[Pause], after: int, units: int) -> None:
    course = course_of(wanted)
    last = max((one.last for one in course.pauses), default=ENTRY)
    assert wrong_pause(Pause(last + 1 + after, units), course, TERMS, Limits()) is None


@given(pauses, st.data())
def test_a_shorter_one_is_allowed_wherever_a_longer_one_is(pause: Pause, data: st.DataObject) -> None:
    shorter = data.draw(st.integers(1, pause.units))
    if wrong_pause(pause, Course(ENTRY), TERMS, OXFORD) is None:
        assert wrong_pause(Pause(pause.first, shorter), Course(ENTRY), TERMS, OXFORD) is None


@given(st.lists(pauses, max_size=6))
def test_how_long_one_rests_on_end_does_not_hang_on_the_order(wanted: list[Pause]) -> None:
    allowed = list(course_of(wanted).pauses)
    for pause in allowed:
        others = [one for one in allowed if one is not pause]
        assert joined(pause, others) == joined(pause, list(reversed(others)))


@given(lengths, st.integers(0, 12), st.one_of(st.none(), lengths))
def test_more_time_never_exceeds_what_a_rule_allows(wanted: int, granted: int, most: int | None) -> None:
    wrong = wrong_extension(wanted, granted, most, one="term", many="terms")
    assert (wrong is None) == (most is None or granted + wanted <= most)


@given(st.integers(-5, 0))
def test_no_time_is_no_more_time(wanted: int) -> None:
    assert wrong_extension(wanted, 0, None, one="term", many="terms") == "Extend by one term at least."


def test_sentences_say_how_much_is_left() -> None:
    course = Course(ENTRY, pauses=(Pause(ENTRY + 1, 2), Pause(ENTRY + 6, 3)))
    assert wrong_pause(Pause(ENTRY + 12, 2), course, TERMS, OXFORD) == (
        "6 terms may be suspended in all, and 5 have been: 1 is left. Shorten it, or let an administrator raise"
        " “Suspensions in all” in the university’s rulebook first."
    )
    used_up = Course(ENTRY, pauses=(Pause(ENTRY + 1, 3), Pause(ENTRY + 6, 3)))
    assert wrong_pause(Pause(ENTRY + 12, 1), used_up, TERMS, OXFORD) == (
        "6 terms may be suspended in all, and 6 have been: none is left. Let an administrator raise"
        " “Suspensions in all” in the university’s rulebook first."
    )
    assert wrong_extension(2, 1, 2, one="term", many="terms") == (
        "It may be extended by 2 terms in all, and 1 was granted: 1 is left. Shorten it, or set the day by hand with a"
        " reason."
    )
