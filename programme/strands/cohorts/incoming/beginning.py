"""The file to begin with: its columns, one row that shows how they are filled, and what goes into each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from programme.core.web.downloads import csv_bytes, workbook_bytes
from programme.core.web.words import join_words
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.incoming.columns import TEMPLATE
from programme.strands.cohorts.milestones.course import Course
from programme.strands.cohorts.milestones.moves import plain_day
from programme.strands.cohorts.milestones.reckoning import reckon
from programme.strands.cohorts.rulebooks.queries import as_rule, books

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.people.models import Organisation
    from programme.strands.cohorts.models import Cohort
    from programme.strands.cohorts.rulebooks.queries import Book

SHEET, EXPLAINED = "Researchers", "What goes where"
HEAD = ("Column", "What goes into it", "Like")
DONE = "done"
LISTS = ("Suspensions", "Extensions")
SUPERVISOR = ("", "e-mail", "role", "university", "share", "from", "until")
SHOWN_SUPERVISORS = (1, 2)


@dataclass(frozen=True, slots=True)
class Asked:
    """A milestone with a column: which universities ask for it, and its day at the one that comes first."""

    title: str
    universities: tuple[str, ...]
    day: date | None
    is_first: bool
    is_yearly: bool


@dataclass(frozen=True, slots=True)
class Beginning:
    """A file to begin with."""

    head: tuple[str, ...]
    example: tuple[object, ...]
    explained: tuple[tuple[str, str, str], ...]

    def as_csv(self) -> bytes:
        """Return it as CSV, days in words."""
        return csv_bytes(self.head, [[words(cell) for cell in self.example]])

    def as_workbook(self) -> bytes:
        """Return it as a workbook, with a sheet that says what goes where."""
        return workbook_bytes([(SHEET, self.head, [self.example]), (EXPLAINED, HEAD, self.explained)])


def words(cell: object) -> object:
    """Return a cell as a file of texts has it."""
    return plain_day(cell) if isinstance(cell, date) else cell


def beginning(session: Session, cohort: Cohort, *, today: date) -> Beginning:
    """Return the file to begin with for a cohort: the milestones of its universities that came due are columns."""
    running, known = universities_of(cohort.award), books(session)
    asked = list(asked_of(cohort, running, known, today=today))
    supervisors = [f"Supervisor {number} {part}".strip() for number in SHOWN_SUPERVISORS for part in SUPERVISOR]
    head = (*TEMPLATE, *(f"{one.title} {DONE}" for one in asked), *LISTS, *supervisors)
    return Beginning(head, (*example(cohort, running, asked, today=today),), (*explained(cohort, running, asked),))


def asked_of(
    cohort: Cohort, running: Sequence[Organisation], known: Mapping[int, Book], *, today: date
) -> Iterator[Asked]:
    """Give the milestones that have columns: those that come once, and of those of every year the years so far."""
    found: dict[str, Asked] = {}
    for place, university in enumerate(row for row in running if row.id in known):
        book = known[university.id]
        rules = book.rules(cohort.award_id)
        course = Course(book.units.of_day(cohort.entry_on))
        dues = reckon([as_rule(rule) for rule in rules.values()], course, book.units)
        latest = max(today.year, min((due.occurrence for due in dues if due.occurrence), default=0))
        for due in dues:
            if due.occurrence > latest:
                continue
            title = rules[due.code].title
            title = f"{title} {due.occurrence}" if due.occurrence else title
            had = found.get(title)
            names = (*(had.universities if had else ()), university.short_name)
            day, is_first = (had.day, had.is_first) if had else (due.day, place == 0)
            found[title] = Asked(title, names, day, is_first, bool(due.occurrence))
    yield from found.values()


def example(
    cohort: Cohort, running: Sequence[Organisation], asked: Sequence[Asked], *, today: date
) -> Iterator[object]:
    """Give the cells of a row that shows how columns are filled: everything that has come due was done on its day."""
    here, there = running[0].short_name, running[1].short_name if len(running) > 1 else ""
    year = cohort.entry_year
    yield from ("Ada Example", "ada@example.ac.uk", here, there, "Chemistry", "", "A working title", "Full time", "")
    yield from (cohort.entry_on, "", f"31 March {year + 4}", "", "no", "active")
    for one in asked:
        is_past = one.is_first and one.day is not None and cohort.entry_on <= one.day < today
        yield one.day if is_past else ""
    yield from ("", "")
    yield from ("Prof. Hope Example", "hope@example.ac.uk", "primary", here, 60, "", "")
    yield from ("Dr Paul Example", "paul@example.ac.uk", "partner" if there else "co", there or here, 40, "", "")


def explained(
    cohort: Cohort, running: Sequence[Organisation], asked: Sequence[Asked]
) -> Iterator[tuple[str, str, str]]:
    """Give what goes into each column, with an example."""
    names, year = join_words([row.short_name for row in running], "or"), cohort.entry_year
    day = f"1 October {year}"
    yield (
        "Name",
        "As it is said, or “Surname, Forename”. Two columns will do, “Forename” and “Surname”.",
        "Example, Ada",
    )
    yield "E-mail", "Needed. Whoever is in the cohort already is known by it.", "ada@example.ac.uk"
    yield "Home university", f"Needed. Where they are registered: {names}.", running[0].short_name
    yield "Partner university", "Empty where there is none yet.", running[-1].short_name
    yield "Mode of study", "Full time or part time; with another rate under “Per cent of full time”.", "Part time"
    yield "Registration starts", "A day of the spreadsheet, or written. Empty is the cohort’s entry date.", day
    yield "Term of entry", "Only where it does not follow from the registration.", f"MT{year % 100}, October {year}"
    yield "Funded until", "The last day that is paid for.", f"31/03/{year + 4}"
    late = "As it stands today. Where it is not the day that is reckoned, it counts instead of it."
    yield "Submission deadline", late, f"30 September {year + 4}"
    yield "Sponsored visa", "Yes or no.", "no"
    yield "Status", "Active, on placement, on leave, writing up, submitted, completed or withdrawn.", "Active"
    for one in asked:
        yield f"{one.title} {DONE}", told(one), plain_day(one.day) if one.day else day
    several = "Several with semicolons between. Why may stand after a colon; those who may see the record see it."
    yield "Suspensions", f"All so far. {several}", f"HT{(year + 1) % 100}: illness; March {year + 2} to May {year + 2}"
    yield "Extensions", f"All so far, by the milestone. {several}", "Submission: 2 terms: caring for a child"
    yield "Supervisor 1", "A name. Supervisor 3 to 6 may be added in the same way.", "Prof. Hope Example"
    yield "Supervisor 1 e-mail", "Needed to enter them. Nobody is written to.", "hope@example.ac.uk"
    yield "Supervisor 1 role", "Primary, co, partner, industrial, adviser or college adviser.", "primary"
    yield "Supervisor 1 university", "Empty is the one of the role, or of the e-mail.", running[0].short_name
    yield "Supervisor 1 share", "Per cent of the supervision.", "60"
    yield "Supervisor 1 from", "Empty is since the registration. “Until” is empty for those who supervise now.", day
    whole = "Instead of the columns above all in one cell, the primary first, with what there is to say behind commas."
    yield (
        "Supervisors",
        whole,
        "Hope Example <hope@example.ac.uk>, 60 %; Paul Example <paul@example.ac.uk>, partner, 40 %",
    )


def told(one: Asked) -> str:
    """Say what goes into the column of a milestone."""
    yearly = " Add a column for each other year." if one.is_yearly else ""
    where = join_words(one.universities)
    return f"Asked for at {where}: the day it was done, or “exempt: ” and why. Empty is not yet.{yearly}"
