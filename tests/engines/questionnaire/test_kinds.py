"""What each kind of question accepts, refuses, keeps and says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.core.refusal import Refusal
from programme.engines.questionnaire.kinds import KINDS, Asked

OPTIONS = ("Coach", "Train", "Own car")


def asked(kind: str, **given: object) -> Asked:
    return Asked(**{"id": 1, "kind": kind, "label": "?", "options": OPTIONS, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "raw", "value", "text"),
    [
        ("short_text", ["  two\n words "], "two words", "two words"),
        ("long_text", [" one\r\ntwo "], "one\ntwo", "one\ntwo"),
        ("email", [" a@b.example "], "a@b.example", "a@b.example"),
        ("number", ["1,234.50"], "1234.50", "1234.50"),
        ("number", ["-3"], "-3", "-3"),
        ("date", ["2027-02-16"], "2027-02-16", "Tuesday 16 February 2027"),
        ("yes_no", ["no"], False, "No"),
        ("yes_no", ["yes"], True, "Yes"),
        ("one_of", ["Train"], "Train", "Train"),
        ("many_of", ["Own car", "Coach"], ["Coach", "Own car"], "Coach, Own car"),
        ("consent", ["y"], "?", "Agreed"),
        ("time", ["9.05"], "09:05", "09:05"),
        ("phone", [" +44 151  496 0000 "], "+44 151 496 0000", "+44 151 496 0000"),
        ("web", ["www.example.ac.uk/a"], "https://www.example.ac.uk/a", "https://www.example.ac.uk/a"),
        ("country", ["GB"], "GB", "United Kingdom"),
        ("organisation", [" Mersey  Works "], "Mersey Works", "Mersey Works"),
        ("dietary", ["Train", " no\tcelery ", "Coach"], ["Coach", "Train", "no celery"], "Coach, Train, no celery"),
        ("access", ["", "A chair with arms"], ["A chair with arms"], "A chair with arms"),
    ],
)
def test_an_answer_is_kept_and_said(kind: str, raw: list[str], value: object, text: str) -> None:
    kept = KINDS[kind].read(asked(kind), raw)
    assert kept == value
    assert KINDS[kind].text(kept) == text
    assert KINDS[kind].read(asked(kind), KINDS[kind].typed(kept)) == value


@pytest.mark.parametrize("kind", sorted(name for name, kind in KINDS.items() if kind.asks))
@pytest.mark.parametrize("raw", [[], [""], ["   "]])
def test_nothing_is_no_answer_and_asked_for_where_it_is_needed(kind: str, raw: list[str]) -> None:
    assert KINDS[kind].read(asked(kind), raw) is None
    with pytest.raises(Refusal, match="Which way"):
        KINDS[kind].read(asked(kind, is_required=True, label="Which way?"), raw)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("short_text", ["x" * 501]),
        ("long_text", ["x" * 10_001]),
        ("email", ["no address"]),
        ("email", ["a@b"]),
        ("number", ["twelve"]),
        ("number", ["NaN"]),
        ("number", ["1e999999"]),
        ("number", ["1e-999999999"]),
        ("number", ["0e-999999999"]),
        ("number", ["1" * 50]),
        ("date", ["2027-02-30"]),
        ("date", ["16/02/2027"]),
        ("yes_no", ["perhaps"]),
        ("time", ["25:00"]),
        ("time", ["noon"]),
        ("phone", ["call me"]),
        ("phone", ["12"]),
        ("web", ["javascript://example.org/%0aalert(1)"]),
        ("web", ["https://user@example.org"]),
        ("web", ["http://[::1"]),
        ("web", ["localhost"]),
        ("country", ["XX"]),
        ("dietary", ["x" * 501]),
        ("one_of", ["Helicopter"]),
        ("many_of", ["Coach", "Helicopter"]),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(kind: str, raw: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        KINDS[kind].read(asked(kind), raw)
    assert refused.value.sentence.endswith((".", "?"))


def test_consent_keeps_the_very_words_that_were_agreed_to() -> None:
    question = asked("consent", label="I agree to be in photographs", hint="You can say no.")
    assert KINDS["consent"].read(question, ["y"]) == "I agree to be in photographs\nYou can say no."


@pytest.mark.parametrize("kind", ["section", "note"])
def test_what_asks_nothing_takes_nothing(kind: str) -> None:
    assert KINDS[kind].read(asked(kind, is_required=True), ["something"]) is None


def test_a_no_is_an_answer() -> None:
    assert KINDS["yes_no"].read(asked("yes_no", is_required=True), ["no"]) is False


def test_bounds_of_numbers_and_of_choices_are_told() -> None:
    with pytest.raises(Refusal, match="from 1 to 5"):
        KINDS["number"].read(asked("number", least="1", most="5"), ["6"])
    with pytest.raises(Refusal, match="at least 2"):
        KINDS["many_of"].read(asked("many_of", least="2"), ["Coach"])
    with pytest.raises(Refusal, match="at most 1"):
        KINDS["many_of"].read(asked("many_of", most="1"), ["Coach", "Train"])


@given(kind=st.sampled_from(sorted(KINDS)), raw=st.lists(st.text(), max_size=4), required=st.booleans())
def test_whatever_is_sent_is_read_or_refused_and_what_is_read_reads_the_same_again(
    kind: str, raw: list[str], *, required: bool
) -> None:
    question = asked(kind, is_required=required)
    try:
        value = KINDS[kind].read(question, raw)
    except Refusal:
        return
    if value is not None:
        assert KINDS[kind].text(value)
        assert KINDS[kind].read(question, KINDS[kind].typed(value)) == value
