"""Which heading of a cohort's spreadsheet means what was before: each milestone, suspensions, supervisors. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from programme.engines.calendar.reading.sheet.columns import by_heading, plain_heading
from programme.strands.cohorts.incoming.columns import KNOWN
from programme.strands.cohorts.milestones.reckoning import Reckoned
from programme.strands.cohorts.states import SupervisionRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from programme.strands.cohorts.models import MilestoneRule

SUSPENSIONS, EXTENSIONS = "suspensions", "extensions"
MILESTONE, SUPERVISOR = "milestone", "supervisor"
WHO = "who"
YEARS_BEFORE, YEARS_AFTER = 1, 12
"""For which years around the entry a heading may name what comes every year."""
MOST_SUPERVISORS = 6
DONE_WORDS = ("done", "done on", "date done", "date", "completed", "completed on", "passed")
LISTS = {
    SUSPENSIONS: ("suspensions", "suspension", "suspended", "suspensions so far", "interruptions", "interruption"),
    EXTENSIONS: ("extensions", "extension", "extended", "extensions so far", "more time"),
}
SLOTS: Mapping[str, tuple[str, ...]] = {
    "all": ("supervisors", "supervisor", "supervisory team", "supervision team", "supervision"),
    SupervisionRole.PRIMARY.value: ("primary supervisor", "main supervisor", "lead supervisor", "principal supervisor"),
    SupervisionRole.CO.value: ("co supervisor", "co supervisors", "cosupervisor", "secondary supervisor"),
    SupervisionRole.PARTNER.value: (
        *("supervisor at the partner", "supervisors at the partner", "partner supervisor", "partner supervisors"),
        *("supervisor at partner", "supervisor at the partner university"),
    ),
    SupervisionRole.INDUSTRIAL.value: ("industrial supervisor", "industrial supervisors", "industry supervisor"),
    SupervisionRole.ADVISOR.value: ("advisor", "adviser", "advisors", "advisers"),
    SupervisionRole.COLLEGE_ADVISOR.value: ("college advisor", "college adviser"),
    **{str(number): (f"supervisor {number}",) for number in range(1, MOST_SUPERVISORS + 1)},
}
ORDINALS = ("first", "second", "third", "fourth")
PARTS: Mapping[str, tuple[str, ...]] = {
    WHO: ("", "name"),
    "address": ("e mail", "email", "e mail address", "email address", "mail"),
    "role": ("role", "as"),
    "university": ("university", "institution", "at"),
    "share": ("share", "per cent", "percentage", "share per cent"),
    "begins_on": ("from", "since", "begins", "start", "start date"),
    "ends_on": ("until", "to", "ends", "end", "end date"),
}
PART_WORDS = {"address": "e-mail", "begins_on": "from", "ends_on": "until", WHO: ""}


class Column(NamedTuple):
    """What one milestone's column is about: how it is called, small, and the year of one that comes every year."""

    called: str
    year: int = 0


def known_headings(rules: Iterable[MilestoneRule], *, entry_year: int) -> dict[str, str]:
    """Return which heading means which field in a file of a cohort; what a cohort says of itself stands first."""
    years = range(entry_year - YEARS_BEFORE, entry_year + YEARS_AFTER + 1)
    return {**dict(of_milestones(rules, years)), **OF_PEOPLE, **by_heading(LISTS), **KNOWN}


def of_milestones(rules: Iterable[MilestoneRule], years: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Give the headings of milestones: by title or code, with a year or without, with a word after it or without."""
    called = {plain_heading(word): None for rule in rules for word in (rule.title, rule.code)}
    for name in filter(None, called):
        for year in (0, *years):
            whole = f"{name} {year}" if year else name
            field = f"{MILESTONE}:{name}:{year}"
            yield whole, field
            yield from ((f"{whole} {word}", field) for word in DONE_WORDS)


def of_people() -> Iterator[tuple[str, str]]:
    """Give the headings of supervisors: each way to call one, with each thing that may be said of them."""
    for slot, known in SLOTS.items():
        place = int(slot) - 1 if slot.isdecimal() else len(ORDINALS)
        ordinal = (f"{ORDINALS[place]} supervisor",) if place < len(ORDINALS) else ()
        for name in (*known, *ordinal):
            for part, words in PARTS.items():
                yield from ((f"{name} {word}".strip(), f"{SUPERVISOR}:{slot}:{part}") for word in words)


OF_PEOPLE = dict(of_people())


def column_of(field: str) -> Column | None:
    """Return what a field says of which milestone; None where it is about something else."""
    kind, _, rest = field.partition(":")
    if kind != MILESTONE:
        return None
    called, _, year = rest.rpartition(":")
    return Column(called, int(year))


def label_of(field: str) -> str:
    """Return how a sentence names the column of a field."""
    kind, _, rest = field.partition(":")
    if kind == MILESTONE:
        called, _, year = rest.rpartition(":")
        return f"{called.capitalize()} {year}" if year != "0" else called.capitalize()
    if kind == SUPERVISOR:
        slot, _, part = rest.partition(":")
        return f"{SLOTS[slot][0].capitalize()} {PART_WORDS.get(part, part)}".strip()
    return field.capitalize()


def rule_called(called: str, rules: Iterable[MilestoneRule]) -> MilestoneRule | None:
    """Return the milestone that somebody calls by its title or its code."""
    return next((rule for rule in rules if called in {plain_heading(rule.title), plain_heading(rule.code)}), None)


def is_yearly(rule: MilestoneRule, rules: Mapping[str, MilestoneRule]) -> bool:
    """Whether a milestone comes every year, by itself or before another one that does."""
    if rule.reckoned is Reckoned.BEFORE and rule.base in rules:
        return rules[rule.base].reckoned is Reckoned.YEARLY
    return rule.reckoned is Reckoned.YEARLY
