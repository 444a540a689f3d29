"""What a cohort's spreadsheet would do: each row new, changed, the same, or odd with its reason. Nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
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
from programme.strands.cohorts.incoming.before.cells import entry_in
from programme.strands.cohorts.incoming.before.expected import Expected, expected
from programme.strands.cohorts.incoming.before.facts import NOTHING, Before
from programme.strands.cohorts.incoming.before.headings import label_of
from programme.strands.cohorts.incoming.before.people import People, people_in, team_of
from programme.strands.cohorts.incoming.before.weighing import Scales, course_meant, weigh
from programme.strands.cohorts.incoming.columns import LABELS
from programme.strands.cohorts.incoming.facts import OddCells, OddRow, name_in, said_in
from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.models import Candidature, Milestone
from programme.strands.cohorts.rulebooks.queries import NO_RULEBOOK, books

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.incoming.facts import Said
    from programme.strands.cohorts.models import Cohort
    from programme.strands.cohorts.rulebooks.queries import Book
    from programme.strands.cohorts.states import CandidatureState

SAID = (
    *("home_id", "partner_id", "department", "college", "project", "registered_on", "entry"),
    *("funded_until", "submission_deadline", "has_sponsored_visa"),
)
LATE = "late"


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
    before: Before = NOTHING
    dates: tuple[Expected, ...] = ()

    @property
    def late(self) -> list[Expected]:
        """What would be late now, if the row came in as it is."""
        return [one for one in self.dates if one.is_late]


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
        return mark_of([(row.line, row.kind, row.details, row.fields, row.reason, row.before) for row in self.rows])

    @property
    def work(self) -> int:
        """How many rows would change anything."""
        return self.kinds[RowKind.NEW] + self.kinds[RowKind.CHANGED]

    @property
    def late_rows(self) -> list[PlannedRow]:
        """Whose milestones would be late now: of those, it does not say when they were done."""
        return [row for row in self.rows if row.late]


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are compared with."""

    cohort: Cohort
    universities: Mapping[str, int]
    books: Mapping[int, Book]
    known: Mapping[str, Candidature]
    people: People
    today: date
    first_lines: dict[str, int] = field(default_factory=dict)
    """On which line each address stands first."""


def plan(session: Session, cohort: Cohort, rows: Sequence[Mapping[str, Any]], *, today: date) -> Plan:
    """Compare rows with the cohort, in a number of statements that does not grow."""
    known = known_in(session, cohort.id)
    people = people_in(session, [row["cells"] for row in rows], [row.id for row in known.values()])
    ground = Ground(cohort, names_of(cohort), books(session), known, people, today)
    return Plan(tuple(planned(row["line"], row["cells"], ground) for row in rows))


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
        selectinload(Candidature.milestones).joinedload(Milestone.rule),
        joinedload(Candidature.home),
        joinedload(Candidature.partner),
    )
    rows = select(Candidature, Person.address_key).join(Person, Person.id == Candidature.person_id)
    own = rows.where(Candidature.cohort_id == cohort_id).options(*loaded).execution_options(populate_existing=True)
    return {key: row for row, key in session.execute(own)}


def planned(line: int, cells: Mapping[str, str], ground: Ground) -> PlannedRow:
    """Return what would become of one row."""
    row = PlannedRow(line=line, name=name_in(cells), address=cells.get("address", ""))
    try:
        key = key_of(row.address, line, ground.first_lines)
        known = ground.known.get(key)
        return with_before(judged(row, said_in(cells, ground.universities), known, ground), cells, known, ground)
    except OddCells as odd:
        return replace(row, reason=" ".join(f"Line {line}, {label(name)}: {said}" for name, said in odd.cells))
    except OddRow as odd:
        return replace(row, reason=str(odd))
    except Refusal as refusal:
        return replace(row, reason=refusal.sentence)


def label(name: str) -> str:
    """Return what the column of a field is called."""
    return LABELS.get(name) or label_of(name)


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


def with_before(row: PlannedRow, cells: Mapping[str, str], known: Candidature | None, ground: Ground) -> PlannedRow:
    """Return a row with what was before, and what comes when. Raises OddCells where its cells cannot be taken."""
    if row.details is None:
        return row
    book = ground.books[row.details.home_id]
    entry = entry_unit(row.details, book)
    scales = Scales(
        details=row.details,
        course=course_meant(row.details, known, entry=entry),
        book=book,
        rules=book.rules(ground.cohort.award_id),
        known=known,
        today=ground.today,
    )
    team = team_of(
        row.details, known, ground.people, key=address_key(row.address), award=ground.cohort.award, book=book
    )
    before = weigh(scales, cells, team, universities=ground.universities)
    kind = RowKind.CHANGED if row.kind is RowKind.SAME and before.is_any else row.kind
    return replace(row, kind=kind, before=before, dates=tuple(expected(scales, before)))


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
    book = ground.books.get(home)
    if book is not None and said.entry:
        around = book.units.of_day(given.get("registered_on", usual.registered_on))
        given["entry"] = entry_in(said.entry, book.units, around=around)
    rate = rate_of(said, book)
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
    """Return the rows of one kind, those of which something would be late, or all, what is odd first."""
    if kind == LATE:
        return plan.late_rows
    rows = [row for row in plan.rows if kind in {"", row.kind}]
    return rows if kind else sorted(rows, key=lambda row: row.kind is not RowKind.ODD)
