"""What of a form is asked: told by cases, and against a slow model that knows nothing of the rule."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.questionnaire.kinds import Asked, Condition
from programme.engines.questionnaire.showing import MOST_CONDITIONS, fault, gates, said, shown

OPTIONS = ("a", "b", "c")
CSS = Path(__file__).parents[3] / "static/css/screens/conditions.css"


def one_of(number: int, **given: Any) -> Asked:
    return Asked(**{"id": number, "kind": "one_of", "label": f"Q{number}", "options": OPTIONS, **given})


def if_(question: int, *answers: str) -> Condition:
    return Condition(question, answers)


def ids(questions: list[Asked], chosen: Mapping[int, set[str]]) -> list[int]:
    return sorted(shown(questions, chosen).ids)


def test_a_question_is_asked_only_after_its_answer() -> None:
    form = [one_of(1), one_of(2, condition=if_(1, "a", "b"))]
    assert ids(form, {}) == [1]
    assert ids(form, {1: {"c"}}) == [1]
    assert ids(form, {1: {"b"}}) == [1, 2]


def test_what_depends_on_a_question_that_is_not_asked_is_not_asked_whatever_was_sent() -> None:
    form = [one_of(1), one_of(2, condition=if_(1, "a")), one_of(3, condition=if_(2, "a"))]
    assert ids(form, {1: {"a"}, 2: {"a"}}) == [1, 2, 3]
    assert ids(form, {1: {"b"}, 2: {"a"}}) == [1]


def test_a_section_takes_everything_in_it_along_until_the_next() -> None:
    form = [
        one_of(1),
        Asked(id=2, kind="section", label="Overnight", condition=if_(1, "a")),
        one_of(3),
        one_of(4, condition=if_(3, "a")),
        Asked(id=5, kind="section", label="Everybody"),
        one_of(6),
    ]
    assert ids(form, {1: {"b"}, 3: {"a"}}) == [1, 5, 6]
    assert ids(form, {1: {"a"}, 3: {"a"}}) == [1, 2, 3, 4, 5, 6]


def test_an_answer_that_ends_the_form_leaves_nothing_after_it() -> None:
    form = [one_of(1), one_of(2, ends=("c",), end_words="Not this time."), one_of(3)]
    found = shown(form, {2: {"c"}})
    assert (sorted(found.ids), found.ended_by) == ([1, 2], form[1])
    assert shown(form, {2: {"a"}}).ended_by is None


def test_an_ending_that_is_not_asked_ends_nothing() -> None:
    form = [one_of(1), one_of(2, condition=if_(1, "a"), ends=("c",)), one_of(3)]
    assert ids(form, {1: {"b"}, 2: {"c"}}) == [1, 3]


def test_faults_are_told_in_sentences() -> None:
    assert fault([one_of(1), one_of(2, condition=if_(1, "a"))]) == ""
    assert "so it has to come after it" in fault([one_of(2, condition=if_(1, "a")), one_of(1)])
    assert "is asked only if the answer to “Q1” is “z”" in fault([one_of(1), one_of(2, condition=if_(1, "z"))])
    assert "by the answer to this question" in fault([one_of(2, condition=if_(1, "a"))])
    free = Asked(id=1, kind="short_text", label="Why?")
    assert "is asked only if the answer to “Why?”" in fault([free, one_of(2, condition=if_(1, "a"))])
    pairs = [
        one for n in range(1, 2 * MOST_CONDITIONS + 3, 2) for one in (one_of(n), one_of(n + 1, condition=if_(n, "a")))
    ]
    assert "different conditions at most" in fault(pairs)


def test_a_condition_is_said_in_words() -> None:
    form = [Asked(id=1, kind="yes_no", label="Do you stay?"), one_of(2, condition=if_(1, "yes"))]
    assert said(if_(1, "yes"), form) == "Only if you answered “Yes” to “Do you stay?”"


def test_the_stylesheet_has_a_line_for_every_condition_there_may_be() -> None:
    text = CSS.read_text()
    for number in range(1, MOST_CONDITIONS + 1):
        assert f'.conditional:not(:has([data-gate~="{number}"]:checked)) [data-needs~="{number}"]' in text
        assert f'.conditional:has([data-gate~="{number}"]:checked) [data-unless~="{number}"]' in text


# The model: forms as plain tuples (number, kind, condition, ends), each question judged by itself, from its definition.

Row = tuple[int, str, tuple[int, frozenset[str]] | None, frozenset[str]]


@st.composite
def forms(draw: st.DrawFn) -> list[Row]:
    rows: list[Row] = []
    answers = st.frozensets(st.sampled_from(OPTIONS), min_size=1)
    for number in range(1, draw(st.integers(1, 8)) + 1):
        sources = [row[0] for row in rows if row[1] == "one_of"]
        condition = draw(st.none() | st.tuples(st.sampled_from(sources), answers)) if sources else None
        kind = draw(st.sampled_from(["one_of", "one_of", "one_of", "section", "note"]))
        ends = draw(st.just(frozenset[str]()) | answers) if kind == "one_of" and draw(st.booleans()) else frozenset()
        rows.append((number, kind, condition, ends))
    return rows


def model_asks(rows: list[Row], chosen: Mapping[int, str], number: int) -> bool:
    """Whether a question is asked: nothing before it ended the form, its section is, and its condition is met."""
    _, kind, condition, _ = rows[number - 1]
    for earlier in rows[: number - 1]:
        if chosen.get(earlier[0]) in earlier[3] and model_asks(rows, chosen, earlier[0]):
            return False
    if kind != "section":
        sections = [row[0] for row in rows[: number - 1] if row[1] == "section"]
        if sections and not model_meets(rows, chosen, rows[sections[-1] - 1][2]):
            return False
    return model_meets(rows, chosen, condition)


def model_meets(rows: list[Row], chosen: Mapping[int, str], condition: tuple[int, frozenset[str]] | None) -> bool:
    return condition is None or (chosen.get(condition[0]) in condition[1] and model_asks(rows, chosen, condition[0]))


def as_asked(row: Row) -> Asked:
    number, kind, condition, ends = row
    kept = Condition(condition[0], tuple(sorted(condition[1]))) if condition else None
    return Asked(id=number, kind=kind, label=f"Q{number}", options=OPTIONS, condition=kept, ends=tuple(sorted(ends)))


@given(rows=forms(), data=st.data())
def test_the_rule_asks_what_the_model_asks(rows: list[Row], data: st.DataObject) -> None:
    askable = [row[0] for row in rows if row[1] == "one_of"]
    chosen = {one: data.draw(st.sampled_from(OPTIONS)) for one in askable if data.draw(st.booleans())}
    found = shown([as_asked(row) for row in rows], {one: {answer} for one, answer in chosen.items()})
    assert found.ids == {row[0] for row in rows if model_asks(rows, chosen, row[0])}


@given(rows=forms(), data=st.data())
def test_what_a_browser_hides_is_what_is_not_asked(rows: list[Row], data: st.DataObject) -> None:
    form = [as_asked(row) for row in rows]
    chosen = {one.id: data.draw(st.sampled_from(OPTIONS)) for one in form if one.kind == "one_of"}
    found = gates(form)
    met = {number for one, answer in chosen.items() for number in found.opened_by(one, answer)}

    def is_seen(one: Asked) -> bool:
        ended = any(met.issuperset(ending) for ending in found.unless_when[one.id])
        return met.issuperset(found.needs[one.id]) and met.isdisjoint(found.unless[one.id]) and not ended

    seen = {one.id for one in form if is_seen(one)}
    assert seen == set(shown(form, {one: {answer} for one, answer in chosen.items()}).ids)
