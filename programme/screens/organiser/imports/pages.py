"""What the pages of imports show: the list, and a plan in words, one page of its rows at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, or_, select, true
from sqlalchemy.orm import selectinload

from programme.core.web.lists import Page, here_with, page_of
from programme.core.web.words import join_words, london_day, plural
from programme.engines.calendar.models import Event, ImportFile
from programme.engines.calendar.reading.rows import RowAudience, RowStatus
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.flows.importing import report
from programme.flows.importing.values import RowKind
from programme.people.models import Organisation, Person, Role
from programme.screens.organiser.imports.differences import differences
from programme.screens.organiser.imports.outlook import can_be_published, not_taking_place, outlook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.calendar.term_weeks.term_dates import TermDates, UniversityWeek
    from programme.flows.importing.values import ImportPlan, PlannedRow
    from programme.people.permissions import Actor

ROWS = 25
ODD_ROWS = 50
ODD = "odd"
LONG_WORK = 2_000
ROWS_A_SECOND = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as it will look; `changes` are (field, before, after)."""

    planned: PlannedRow
    weeks: Sequence[UniversityWeek]
    changes: Sequence[tuple[str, str, str]]
    odd: Sequence[str]
    is_asked: bool
    outlook: str


@dataclass(frozen=True, slots=True)
class Words:
    """What rows are put into words with: term dates, events by id, what is odd by line, and who is asked about."""

    dates: TermDates
    events: Mapping[int, Event]
    odd: Mapping[int, Sequence[str]]
    asked: Collection[str]


@dataclass(frozen=True, slots=True)
class OddGroup:
    """What is odd in the same way in several rows."""

    default: str
    count: int
    lines: str


def listed(session: Session, actor: Actor, *, number: int) -> dict[str, Any]:
    """Return a page of the imports that `actor` may see, with the names of whose they are."""
    found = page_of(session, select(ImportFile).where(mine(actor)).order_by(ImportFile.id.desc()), number=number)
    organisations = session.execute(select(Organisation.id, Organisation.short_name, Organisation.end))
    people = select(Person.id, Person.name).where(Person.id.in_({row.person_id for row in found.rows}))
    return {
        "page": found,
        "organisations": {row.id: row for row in organisations},
        "people": {row.id: row.name for row in session.execute(people)},
    }


def mine(actor: Actor) -> ColumnElement[bool]:
    """Whether an import is for an organisation and strand that `actor` organises."""
    grants = [grant for grant in actor.grants if grant.role is Role.ORGANISER]
    return or_(
        false(),
        *(
            and_(
                ImportFile.organisation_id == grant.organisation,
                true() if grant.strand is None else ImportFile.strand == grant.strand,
            )
            for grant in grants
        ),
    )


def shown(session: Session, plan: ImportPlan, *, wanted: str, number: int) -> Page[Shown]:
    """Return one page of the rows of a plan: all, one kind, or the odd ones."""
    odd = reasons(plan)
    rows = [row for row in plan.rows if is_wanted(row, wanted, odd)]
    last = max(1, -(-len(rows) // ROWS))
    number = min(number, last)
    some = rows[(number - 1) * ROWS : number * ROWS]
    words = Words(terms(session), events_of(session, some), odd, {one.row.identity for one in plan.questions})
    return Page([as_shown(row, words) for row in some], number, ROWS, len(rows))


def is_wanted(row: PlannedRow, wanted: str, odd: Mapping[int, Sequence[str]]) -> bool:
    """Whether a row belongs to what is asked for; anything unknown asks for all."""
    if wanted == ODD:
        return row.row.line in odd
    return row.kind == wanted if wanted in set(RowKind) else True


def reasons(plan: ImportPlan) -> dict[int, list[str]]:
    """Return what is odd about each line."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for odd in plan.oddities:
        found[odd.line].append(f"{odd.reason} {odd.default_taken}")
    return dict(found)


def events_of(session: Session, rows: Iterable[PlannedRow]) -> dict[int, Event]:
    """Return the events that changed rows are about, as they are now."""
    wanted = {row.event_id for row in rows if row.kind is RowKind.CHANGED}
    if not wanted:
        return {}
    loaded = (
        selectinload(Event.series),
        selectinload(Event.venue),
        selectinload(Event.contributions),
        selectinload(Event.lead_organisation),
    )
    return {event.id: event for event in session.scalars(select(Event).where(Event.id.in_(wanted)).options(*loaded))}


def as_shown(row: PlannedRow, words: Words) -> Shown:
    """Put one row into words."""
    event = words.events.get(row.event_id or 0)
    return Shown(
        planned=row,
        weeks=week_labels(words.dates, london_day(row.row.starts)),
        changes=differences(row, event) if event else [],
        odd=words.odd.get(row.row.line, ()),
        is_asked=row.identity in words.asked,
        outlook=outlook(row),
    )


def tally(plan: ImportPlan, wanted: str) -> list[dict[str, Any]]:
    """Return the counts of a plan, each showing its rows."""
    counts = [(kind.value, plan.kinds[kind], kind.value) for kind in RowKind] + [(ODD, plan.odd, "odd")]
    chosen = wanted if wanted in {key for key, *_ in counts} else ""
    told = [("", plan.read, "read"), *counts]
    return [
        {
            "count": f"{count:,}",
            "word": word,
            "url": here_with(show=key or None, page=None) + "#rows",
            "current": key == chosen,
            "kind": "wait" if key == ODD and count else "",
        }
        for key, count, word in told
    ]


def odd_groups(odd: Sequence[Mapping[str, Any]]) -> list[OddGroup]:
    """Gather what is odd by the default that was taken, the most frequent first."""
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for row in odd:
        lines[str(row["default"]).split(",")[0].rstrip(".")].append(int(row["line"]))
    counted = Counter({default: len(found) for default, found in lines.items()})
    return [OddGroup(default, count, some_lines(lines[default])) for default, count in counted.most_common()]


def some_lines(lines: Sequence[int]) -> str:
    """Name the first few lines."""
    named = [f"{line:,}" for line in lines[:4]]
    word = "line" if len(lines) == 1 else "lines"
    more = len(lines) - len(named)
    return f"{word} {join_words(named)}" if not more else f"{word} {', '.join(named)} and {more:,} more"


def odd_part(odd: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the table of odd rows shows."""
    return {"groups": odd_groups(odd), "odd": odd[:ODD_ROWS], "odd_count": len(odd)}


def preview_part(plan: ImportPlan) -> dict[str, Any]:
    """Return what a preview says of its plan beside the rows."""
    work = len(plan.rows)
    return {
        "plan": plan,
        "left_out": report.left_out(plan),
        "verb": verb(plan),
        "seconds": max(2, -(-work // ROWS_A_SECOND)) if work > LONG_WORK else 0,
        "counts": publishable(plan),
        "asks_publishing": any(is_for_publishing(row) for row in plan.rows),
        **odd_part(report.odd_rows(plan)),
    }


def verb(plan: ImportPlan) -> str:
    """Return what the button says."""
    new, changed = plan.kinds[RowKind.NEW], plan.kinds[RowKind.CHANGED]
    parts = [f"Import {plural(new, 'event')}"] if new else []
    parts += [f"change {changed:,}" if new else f"Change {plural(changed, 'event')}"] if changed else []
    waiting, live = sum(row.waits for row in plan.rows), can_be_published(plan)
    last = f"Publish {plural(live, 'draft')}" if live else f"Bring {plural(waiting, 'event')} up to date"
    return " and ".join(parts) or last


def is_for_publishing(row: PlannedRow) -> bool:
    """Whether leave to publish makes a difference to a row."""
    changes = row.kind is RowKind.NEW or row.waits or "status" in row.fields
    return changes and row.row.status is not RowStatus.DRAFT


def publishable(plan: ImportPlan) -> dict[str, int]:
    """Count the rows that are new by what the file calls them, and the drafts that wait to be published."""
    new = [row for row in plan.rows if row.kind is RowKind.NEW]
    public = sum(row.row.status is not RowStatus.DRAFT for row in new)
    return {
        "public": public,
        "drafts": len(new) - public,
        "past": plan.past,
        "waiting": can_be_published(plan),
        "off": not_taking_place(plan),
        "unstated": sum(row.row.audience is RowAudience.UNSTATED for row in new),
    }
