"""What a cohort's spreadsheet would do: each row new, changed, the same, or odd with its reason. Nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.refusal import Refusal
from programme.core.tokens import mark_of
from programme.people.affiliations import address_key
from programme.people.models import Person
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.candidatures.actions import check_home, check_later
from programme.strands.cohorts.candidatures.details import Details, check, details_of, entry_unit
from programme.strands.cohorts.candidatures.rule import folded
from programme.strands.cohorts.incoming.facts import OddRow, said_in
from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.models import Candidature
from programme.strands.cohorts.rulebooks.queries import NO_RULEBOOK, books

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.incoming.facts import Said
    from programme.strands.cohorts.models import Cohort
    from programme.strands.cohorts.rulebooks.queries import Book
    from programme.strands.cohorts.states import CandidatureState

SAID = (
    *("home_id", "partner_id", "department", "college", "project", "registered_on", "entry"),
    *("funded_until", "submission_deadline", "has_sponsored_visa"),
)


class RowKind(StrEnum):
    """What a row is to the cohort as it is."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ODD = "odd"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One row and what would become of it: `fields` are what changes, `reason` is why it is left out."""

    line: int
    name: str
    address: str
    kind: RowKind = RowKind.ODD
    details: Details | None = None
    candidature_id: int | None = None
    state: CandidatureState | None = None
    fields: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """What a spreadsheet would do."""

    rows: tuple[PlannedRow, ...]

    @cached_property
    def kinds(self) -> Counter[RowKind]:
        """Count the rows by kind."""
        return Counter(row.kind for row in self.rows)

    @property
    def mark(self) -> str:
        """Return a mark of it, so that nothing else is confirmed than what was looked at."""
        return mark_of([(row.line, row.kind, row.details, row.fields, row.reason) for row in self.rows])

    @property
    def work(self) -> int:
        """How many rows would change anything."""
        return self.kinds[RowKind.NEW] + self.kinds[RowKind.CHANGED]


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are compared with."""

    cohort: Cohort
    universities: Mapping[str, int]
    books: Mapping[int, Book]
    known: Mapping[str, Candidature]


def plan(session: Session, cohort: Cohort, rows: Iterable[Mapping[str, Any]]) -> Plan:
    """Compare rows with the cohort, in a number of statements that does not grow."""
    ground = Ground(cohort, names_of(cohort), books(session), known_in(session, cohort.id))
    first_lines: dict[str, int] = {}
    found = [planned(row["line"], row["cells"], ground, first_lines) for row in rows]
    return Plan(tuple(found))


def names_of(cohort: Cohort) -> dict[str, int]:
    """Return the universities that run a cohort by what people call them."""
    return {
        folded(name): row.id
        for row in universities_of(cohort.award)
        for name in (row.name, row.short_name, row.slug, f"University of {row.short_name}")
    }


def known_in(session: Session, cohort_id: int) -> dict[str, Candidature]:
    """Return the candidatures of a cohort by the folded address of their people."""
    loaded = (
        joinedload(Candidature.cohort),
        selectinload(Candidature.rates),
        selectinload(Candidature.suspensions),
        selectinload(Candidature.extensions),
    )
    rows = select(Candidature, Person.address_key).join(Person, Person.id == Candidature.person_id)
    return {key: row for row, key in session.execute(rows.where(Candidature.cohort_id == cohort_id).options(*loaded))}


def planned(line: int, cells: Mapping[str, str], ground: Ground, first_lines: dict[str, int]) -> PlannedRow:
    """Return what would become of one row; `first_lines` are those on which addresses stand already."""
    name = cells.get("name") or " ".join(filter(None, (cells.get("given"), cells.get("family"))))
    row = PlannedRow(line=line, name=name, address=cells.get("address", ""))
    try:
        key = key_of(row.address, line, first_lines)
        return judged(row, said_in(cells, ground.universities), ground.known.get(key), ground)
    except OddRow as odd:
        return replace(row, reason=str(odd))
    except Refusal as refusal:
        return replace(row, reason=refusal.sentence)


def key_of(address: str, line: int, first_lines: dict[str, int]) -> str:
    """Return the folded form of an address; OddRow where there is none, or it stands on an earlier line."""
    if not address:
        raise OddRow("There is no e-mail. Add the one that letters shall go to.")
    key = address_key(address)
    if first_lines.setdefault(key, line) != line:
        raise OddRow(f"This e-mail stands on line {first_lines[key]} already. Keep one of the two rows.")
    return key


def judged(row: PlannedRow, said: Said, known: Candidature | None, ground: Ground) -> PlannedRow:
    """Return a row that can be read as new, changed or the same. Raises OddRow or Refusal where it cannot be taken."""
    details = wanted_of(said, known, ground)
    check(details, ground.cohort.award)
    book = ground.books.get(details.home_id)
    if book is None:
        raise OddRow(NO_RULEBOOK)
    entry = entry_unit(details, book)
    row = replace(row, details=details, state=said.state)
    if known is None:
        if not said.name:
            raise OddRow("There is no name. Add it, so that people know who it is.")
        return replace(row, kind=RowKind.NEW)
    check_home(known, details.home_id)
    check_later(known, entry)
    before, after = (
        compared(one, ground.books) for one in (details_of(known, ground.books[known.home_organisation_id]), details)
    )
    fields = tuple(name for name in after if after[name] != before[name])
    return replace(row, candidature_id=known.id, kind=RowKind.CHANGED if fields else RowKind.SAME, fields=fields)


def compared(details: Details, known: Mapping[int, Book]) -> dict[str, Any]:
    """Return details so that two ways to write one thing are one: the entry as the unit that it is."""
    return {**asdict(details), "entry": entry_unit(details, known[details.home_id])}


def wanted_of(said: Said, known: Candidature | None, ground: Ground) -> Details:
    """Return what the record would say: what the row says, and what it says nothing of as it is."""
    given = {name: getattr(said, name) for name in SAID if getattr(said, name) is not None}
    home = given.get("home_id", known.home_organisation_id if known else None)
    if home is None:
        raise OddRow("There is no home university. Enter where they are registered.")
    usual = Details(home_id=home, registered_on=ground.cohort.entry_on)
    if known is not None:
        usual = details_of(known, ground.books[known.home_organisation_id])
    rate = rate_of(said, ground.books.get(home))
    if rate is not None and not (known is not None and len(known.rates) > 1):
        given["rate"] = rate
    return replace(usual, **given)


def rate_of(said: Said, book: Book | None) -> int | None:
    """Return the rate that a row says; None where it says nothing of it."""
    if said.is_part_time is False:
        return FULL
    if said.is_part_time is None or said.per_cent is not None:
        return said.per_cent
    return book.row.part_time_rate if book else None


def shown_rows(plan: Plan, kind: str) -> Sequence[PlannedRow]:
    """Return the rows of one kind, or all, what is odd first."""
    rows = [row for row in plan.rows if kind in {"", row.kind}]
    return rows if kind else sorted(rows, key=lambda row: row.kind is not RowKind.ODD)
