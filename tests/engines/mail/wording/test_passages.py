"""Passages: placeholders are filled once and never evaluated; what is wrong with a wording is told with its line."""

import string
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, select_autoescape
from markupsafe import escape

from programme.engines.mail.wording.passages import (
    LONGEST_PASSAGE,
    LONGEST_SUBJECT,
    NO_SUBJECT,
    TWO_LINES,
    Description,
    Passage,
    Placeholder,
    filled,
    flaws,
    spoken,
    tidy,
)

NAME = Placeholder("name", "the name", in_subject=False)
TITLE = Placeholder("title", "the title")
SUBJECT = Passage("subject", "Subject", "About {title}")
OPENING = Passage("opening", "Opening", "Dear {name},\n\n{title} is on.")
KIND = Description(
    passages=(SUBJECT, OPENING), placeholders=(NAME, TITLE), values=lambda given: {key: given[key] for key in given}
)
TRICKS = (
    "{{ 7*7 }}",
    "{{ config }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{# a comment #}",
    "{name.__class__}",
    "{name!r}",
    "{0}",
    "{title:>999999}",
    "%(name)s",
    "%s",
    "${name}",
    "<script>alert(1)</script>",
    "<b onmouseover=x>",
    "&amp;",
    "\\g<0>",
    "\\1",
    "{name",
    "name}",
    "{}",
    "{ name }",
)
PAGE = Environment(autoescape=select_autoescape(default=True, default_for_string=True)).from_string("{{ words }}")


@given(text=st.text(), values=st.dictionaries(st.sampled_from(["name", "title"]), st.text()))
def test_only_placeholders_are_replaced_and_values_are_never_read_again(text: str, values: Mapping[str, str]) -> None:
    assert filled(text, values) == oracle(text, values)


@given(wording=st.lists(st.sampled_from((*TRICKS, "{title}", " and ", "{name}"))).map("".join), value=st.text())
def test_hostile_wording_comes_out_literally(wording: str, value: str) -> None:
    found = spoken(KIND, {"opening": wording}, {"name": "N", "title": value}, programme="P")["opening"]
    assert found == oracle(wording, {"name": "N", "title": value, "programme": "P"})
    assert PAGE.render(words=found) == str(escape(found))


@given(st.sampled_from(TRICKS), st.sampled_from((*TRICKS, "{title}", "{name}", "{programme}")))
def test_hostile_values_come_out_literally(first: str, second: str) -> None:
    said = spoken(KIND, {}, {"name": first, "title": second}, programme="{name}")
    assert said == {"subject": f"About {second}", "opening": f"Dear {first},\n\n{second} is on."}


def test_what_differs_from_person_to_person_is_in_no_subject() -> None:
    said = spoken(KIND, {"subject": "{name}: {title}"}, {"name": "Alice", "title": "Tides"}, programme="P")
    assert said["subject"] == "{name}: Tides"
    assert [one.name for one in KIND.offered(SUBJECT)] == ["title", "programme"]


def test_blank_that_is_swapped_in_later_stands_as_it_was_given() -> None:
    blank = "\u2063blank-name-7f3a\u2063"
    said = spoken(KIND, {"opening": "Hello {name}! {title}"}, {"name": blank, "title": "Tides"}, programme="P")
    assert said["opening"] == f"Hello {blank}! Tides"


@pytest.mark.parametrize("trick", [trick for trick in TRICKS if "{" in trick and "{name}" not in trick])
def test_whatever_is_in_braces_and_no_placeholder_is_refused_with_its_line(trick: str) -> None:
    (sentence, *_) = flaws(f"Dear {{name}},\n{trick}", passage=OPENING, description=KIND)
    assert sentence.startswith("Line 2: there is no placeholder ")


def test_nearest_placeholder_is_named() -> None:
    told = flaws("Dear {nmae},\n\n{Title} of {{programme}} {xyzzy}", passage=OPENING, description=KIND)
    assert told == [
        "Line 1: there is no placeholder {nmae} here. Did you mean {name}?",
        "Line 3: there is no placeholder {Title} here. Did you mean {title}?",
        "Line 3: there is no placeholder {{programme}} here. Did you mean {programme}?",
        "Line 3: there is no placeholder {xyzzy} here. There are {name}, {title}, {programme}.",
    ]


def test_placeholder_of_the_body_is_refused_in_a_subject() -> None:
    assert flaws("For {name}", passage=SUBJECT, description=KIND) == [
        "Line 1: {name} differs from person to person, so it cannot stand in a subject."
    ]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_subject_is_never_empty(text: str) -> None:
    assert NO_SUBJECT in flaws(text, passage=SUBJECT, description=KIND)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x85"])
def test_subject_is_one_line(end: str) -> None:
    assert TWO_LINES in flaws(f"Hello{end}Bcc: eve@example.org", passage=SUBJECT, description=KIND)


def test_passage_has_its_length() -> None:
    assert flaws("x" * LONGEST_PASSAGE, passage=OPENING, description=KIND) == []
    assert flaws("x" * (LONGEST_PASSAGE + 1), passage=OPENING, description=KIND) == [
        "Keep this to 2,000 characters; it has 2,001."
    ]
    assert flaws("x" * (LONGEST_SUBJECT + 1), passage=SUBJECT, description=KIND) == [
        "Keep this to 150 characters; it has 151."
    ]


@given(st.text(max_size=300))
def test_whatever_is_typed_is_judged(text: str) -> None:
    for passage in KIND.passages:
        flaws(tidy(text), passage=passage, description=KIND)


def test_what_was_typed_is_kept_with_one_kind_of_line_end() -> None:
    assert tidy("  Dear {name},  \r\n\r\nyes\rno \n\n") == "Dear {name},\n\nyes\nno"


def oracle(text: str, values: Mapping[str, str]) -> str:
    """Replace letter by letter, without regular expressions."""
    out, rest = "", text
    while rest:
        end = rest.find("}")
        key = rest[1:end] if rest[0] == "{" and end > 0 else ""
        if key and set(key) <= set(string.ascii_letters + "_") and key in values:
            out, rest = out + values[key], rest[end + 1 :]
        else:
            out, rest = out + rest[0], rest[1:]
    return out
