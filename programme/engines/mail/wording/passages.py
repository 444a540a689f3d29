"""Passages of letters and the placeholders in them: a closed set, filled in one pass, never evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

SUBJECT = "subject"
LONGEST_SUBJECT, LONGEST_PASSAGE = 150, 2_000
PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")
BRACED = re.compile(r"\{+[^{}\n]*\}*")
"""Whatever begins with a brace is meant as a placeholder, and must be a known one."""
NEAR, LONGEST_QUOTE, MOST_NAMED = 0.4, 40, 12
NO_SUBJECT = "Write a subject: a letter without one looks like junk."
PERSONAL = "{} differs from person to person, so it cannot stand in a subject."
TWO_LINES = "A subject is one line: take the line break out."

Values = Callable[[Mapping[str, Any]], Mapping[str, str]]
"""From a letter's variables to what its placeholders stand for."""


class Topic(StrEnum):
    """What letters are for, in the order in which the catalogue lists them."""

    REGISTRATION = "registration"
    EVENT = "event"
    RESEARCH = "research"
    REMINDER = "reminder"
    WRITTEN = "written"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A word in braces, and what stands there in the letter; what differs from person to person is in no subject."""

    name: str
    means: str
    in_subject: bool = True


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a kind of letter in our own words; `hint` says when it is used, where that is not always."""

    name: str
    title: str
    text: str
    hint: str = ""

    @property
    def is_subject(self) -> bool:
        """Whether it stands in a header: one line, never empty."""
        return self.name.startswith(SUBJECT)

    @property
    def longest(self) -> int:
        """Return how many characters it may have."""
        return LONGEST_SUBJECT if self.is_subject else LONGEST_PASSAGE


@dataclass(frozen=True, slots=True)
class Case:
    """One of the ways in which letters of a kind differ: its name, and the example made into one of these."""

    title: str
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]]


PROGRAMME = Placeholder("programme", "what this programme calls itself")
"""Known in every passage of every kind."""


def no_values(variables: Mapping[str, Any]) -> Mapping[str, str]:
    """Return nothing: for kinds whose words are all their writer's."""
    del variables
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the catalogue tells of a kind of letter, and what of it may be put in other words.

    `about` says when it is sent, `to` to whom, `calendar` what its calendar part is (empty: it has none). `needs`
    names what a row of the outbox must carry in its context; `cases` are shown where one example does not say it all.
    """

    topic: Topic = Topic.WRITTEN
    about: str = ""
    to: str = ""
    needs: frozenset[str] = frozenset()
    calendar: str = ""
    passages: tuple[Passage, ...] = ()
    placeholders: tuple[Placeholder, ...] = ()
    values: Values = no_values
    cases: tuple[Case, ...] = ()

    def offered(self, passage: Passage) -> tuple[Placeholder, ...]:
        """Return the placeholders that a passage may have."""
        every = (*self.placeholders, PROGRAMME)
        return tuple(one for one in every if one.in_subject or not passage.is_subject)


def spoken(
    description: Description, own: Mapping[str, str], variables: Mapping[str, Any], *, programme: str
) -> dict[str, str]:
    """Return what each passage says in a letter: in the installation's `own` words where it has some, else in ours."""
    values = {**description.values(variables), PROGRAMME.name: programme}
    said = {}
    for passage in description.passages:
        known = {one.name: values[one.name] for one in description.offered(passage) if one.name in values}
        said[passage.name] = filled(own.get(passage.name, passage.text), known)
    return said


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with values in place of its placeholders: one pass, so that no value is ever read as one."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def tidy(text: str) -> str:
    """Return what was typed as it is kept: one kind of line end, no spaces at ends of lines."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in unified.split("\n")).strip()


def flaws(text: str, *, passage: Passage, description: Description) -> list[str]:
    """Return what is wrong with the wording of a passage, a sentence each."""
    return [
        *(subject_flaws(text) if passage.is_subject else ()),
        *([too_long(text, passage.longest)] if len(text) > passage.longest else []),
        *unknown_placeholders(text, passage=passage, description=description),
    ]


def subject_flaws(text: str) -> list[str]:
    """Return what no subject may be."""
    return [*([] if text.strip() else [NO_SUBJECT]), *([TWO_LINES] if len(text.splitlines()) > 1 else [])]


def too_long(text: str, longest: int) -> str:
    """Say by how much."""
    return f"Keep this to {longest:,} characters; it has {len(text):,}."


def unknown_placeholders(text: str, *, passage: Passage, description: Description) -> list[str]:
    """Return a sentence for each thing in braces that is no placeholder here, with its line and the nearest one."""
    known = [one.name for one in description.offered(passage)]
    personal = {f"{{{one.name}}}" for one in description.placeholders} - {f"{{{name}}}" for name in known}
    return [
        f"Line {number}: {PERSONAL.format(found) if found in personal else unknown(found, known)}"
        for number, line in enumerate(text.split("\n"), 1)
        for found in BRACED.findall(line)
        if found not in {f"{{{name}}}" for name in known}
    ]


def unknown(found: str, known: list[str]) -> str:
    """Say that something is no placeholder, and what may be meant."""
    return f"there is no placeholder {shortened(found)} here. {advice(found, known)}"


def shortened(text: str) -> str:
    """Return a quotation of bearable length."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def advice(found: str, known: list[str]) -> str:
    """Name the nearest placeholder; where none is near, all that there are."""
    folded = {name.casefold(): name for name in reversed(known)}
    meant = found.strip("{} %").casefold()[:LONGEST_QUOTE]
    near = get_close_matches(meant, list(folded), n=1, cutoff=NEAR)
    if near:
        return f"Did you mean {{{folded[near[0]]}}}?"
    return f"There are {', '.join(f'{{{name}}}' for name in known[:MOST_NAMED])}."
