"""Term dates: adding, changing and removing periods of a university, one by one or as a table."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core import audit
from programme.core.refusal import Refusal, refuse_if_changed
from programme.core.tokens import mark_of
from programme.core.web.words import long_date
from programme.engines.calendar.forms.instants import day_in
from programme.engines.calendar.models import AcademicPeriod
from programme.engines.calendar.states import PeriodKind, PeriodStatus
from programme.engines.calendar.term_weeks.weeks import Numbering, academic_year, wrong_first_day
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

MOST_WEEKS, MOST_ROWS = 53, 500
LONGEST_CODE, LONGEST_LABEL = 20, 60
COLUMNS = ("kind", "name", "code", "first day", "weeks", "number of the first week", "status")
CHANGEABLE = {
    "kind": "the kind",
    "label": "the name",
    "first_day": "the first day",
    "weeks": "the number of weeks",
    "status": "the status",
}
"""What a row of a table may change of one that is known already, as people say it."""
NAMED_AROUND = {Numbering.ORDINAL: (2, 1), Numbering.COUNTED: (0, 0)}
"""How many weeks before and after a term are still called by their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDetails:
    """One stretch of an academic year; a term that goes on after a break starts with a later number."""

    kind: PeriodKind
    label: str
    code: str
    first_day: date
    weeks: int
    status: PeriodStatus
    first_number: int = 1

    @property
    def identity(self) -> tuple[str, int, int]:
        """What makes two rows of tables the same: code, academic year, and the number it begins with."""
        return self.code, academic_year(self.first_day), self.first_number


@dataclass(frozen=True, slots=True)
class Table:
    """A pasted table as it was read: its rows, and what is wrong with which line."""

    rows: tuple[PeriodDetails, ...]
    wrong: tuple[str, ...]


def numbering_of(session: Session, organisation_id: int) -> Numbering:
    """Return how a university says its weeks, as its other terms do; a new one counts them."""
    known = select(AcademicPeriod.numbering).where(AcademicPeriod.organisation_id == organisation_id)
    return Numbering(session.scalar(known.order_by(AcademicPeriod.first_day.desc()).limit(1)) or Numbering.COUNTED)


def values_of(details: PeriodDetails, numbering: Numbering) -> dict[str, Any]:
    """Return the columns, or refuse a first day on which weeks do not begin; breaks and closures begin any day."""
    wrong = wrong_first_day(numbering, details.first_day) if details.kind is PeriodKind.TEACHING else None
    if wrong:
        raise Refusal(wrong, field="first_day")
    before, after = NAMED_AROUND[numbering]
    return {**asdict(details), "numbering": numbering.value, "weeks_before": before, "weeks_after": after}


def add(
    session: Session, details: PeriodDetails, *, organisation_id: int, actor: Actor, now: datetime
) -> AcademicPeriod:
    """Add a period."""
    hold(session, organisation_id)
    values = values_of(details, numbering_of(session, organisation_id))
    check_new(session, details, organisation_id=organisation_id)
    period = AcademicPeriod(organisation_id=organisation_id, **values)
    session.add(period)
    session.flush()
    note(session, period, "term dates added", actor=actor, now=now)
    return period


def edit(
    session: Session, period: AcademicPeriod, details: PeriodDetails, *, actor: Actor, now: datetime, seen: str = ""
) -> AcademicPeriod:
    """Change a period; refused where it is not any more what the form was made from, of which `seen` is the mark."""
    session.refresh(period, with_for_update=True)
    refuse_if_changed(seen, seen_of(period))
    values = values_of(details, Numbering(period.numbering))
    if (details.code, details.first_day) != (period.code, period.first_day):
        check_new(session, details, organisation_id=period.organisation_id)
    for name, value in values.items():
        setattr(period, name, value)
    session.flush()
    note(session, period, "term dates edited", actor=actor, now=now)
    return period


def seen_of(period: AcademicPeriod) -> str:
    """Return a mark of everything that the form of a period shows."""
    names = ("kind", "label", "code", "first_day", "weeks", "first_number", "status")
    return mark_of([str(getattr(period, name)) for name in names])


def remove(session: Session, period: AcademicPeriod, *, actor: Actor, now: datetime) -> None:
    """Take a period away; days it covered read “dates not confirmed” again."""
    note(session, period, "term dates removed", actor=actor, now=now)
    session.delete(period)
    session.flush()


def replace_all(
    session: Session,
    rows: tuple[PeriodDetails, ...],
    *,
    organisation_id: int,
    actor: Actor,
    now: datetime,
    seen: str = "",
) -> int:
    """Take over a table: known rows are changed, new ones added; all or nothing. Returns how many rows.

    Refused where the dates are not any more those that the table was pasted beside, of which `seen` is the mark.
    """
    hold(session, organisation_id)
    refuse_if_changed(seen, seen_of_all(session, organisation_id))
    periods = {identity_of(period): period for period in periods_of(session, organisation_id)}
    for details in rows:
        if details.identity in periods:
            edit(session, periods[details.identity], details, actor=actor, now=now)
        else:
            add(session, details, organisation_id=organisation_id, actor=actor, now=now)
    return len(rows)


def hold(session: Session, organisation_id: int) -> None:
    """Lock what a university's dates hang on: of a table and a new period at once, one comes after the other."""
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def periods_of(session: Session, organisation_id: int) -> Sequence[AcademicPeriod]:
    """Return all dates of a university, as they are now."""
    known = select(AcademicPeriod).where(AcademicPeriod.organisation_id == organisation_id)
    return session.scalars(known.order_by(AcademicPeriod.id).execution_options(populate_existing=True)).all()


def seen_of_all(session: Session, organisation_id: int) -> str:
    """Return a mark of all dates of a university: a table may change any of them."""
    return mark_of([f"{period.id} {seen_of(period)}" for period in periods_of(session, organisation_id)])


def differences(session: Session, rows: tuple[PeriodDetails, ...], organisation_id: int) -> list[str]:
    """Say what taking over a table would change of what is entered, row by row."""
    known = {identity_of(period): period for period in periods_of(session, organisation_id)}
    return [
        f"{details.label} ({details.code}): {name} is {said(theirs)} now, {said(yours)} in your table."
        for details in rows
        if (period := known.get(details.identity)) is not None
        for column, name in CHANGEABLE.items()
        if (theirs := getattr(period, column)) != (yours := getattr(details, column))
    ]


def said(value: object) -> str:
    """Say what stands in a row: a day as people write it."""
    return long_date(value) if isinstance(value, date) else str(value)


def identity_of(period: AcademicPeriod) -> tuple[str, int, int]:
    """Return what a row of a table is known by."""
    return period.code, academic_year(period.first_day), period.first_number


def check_new(session: Session, details: PeriodDetails, *, organisation_id: int) -> None:
    """Refuse what is entered already."""
    same = select(AcademicPeriod.id).where(
        AcademicPeriod.organisation_id == organisation_id,
        AcademicPeriod.code == details.code,
        AcademicPeriod.first_day == details.first_day,
    )
    if session.scalar(same.limit(1)):
        raise Refusal(f"{details.code} from that day on is entered already: edit that one.", field="code")


def read_table(text: str) -> Table:
    """Read rows of COLUMNS, separated by commas, semicolons or tabs; a head line (without a digit) is passed over."""
    lines = text.lstrip("\ufeff").splitlines()
    first = lines[0] if lines else ""
    separator = max(",;\t", key=first.count)
    rows, wrong, seen = [], [], set()
    for number, cells in enumerate(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator), start=1):
        if not any(cell.strip() for cell in cells) or (number == 1 and not any(map(str.isdecimal, "".join(cells)))):
            continue
        try:
            row = row_in([cell.strip() for cell in cells])
        except Refusal as refusal:
            wrong.append(f"Line {number}: {refusal.sentence}")
            continue
        if row.identity in seen:
            wrong.append(f"Line {number}: {row.code} of that year stands twice.")
        seen.add(row.identity)
        rows.append(row)
    if len(rows) > MOST_ROWS:
        wrong.append(f"That are {len(rows):,} rows; {MOST_ROWS} is the most.")
    return Table(tuple(rows), tuple(wrong[:20]))


def row_in(cells: list[str]) -> PeriodDetails:
    """Read one row, or say what is wrong with it."""
    if len(cells) < len(COLUMNS):
        raise Refusal(f"it has {len(cells)} columns instead of {len(COLUMNS)}.")
    day, weeks, first_number = day_in(cells[3][:40]), small_number(cells[4]), small_number(cells[5])
    if day is None:
        raise Refusal(f"“{cells[3][:40]}” is no day like 28/9/2026.")
    if weeks is None or first_number is None:
        raise Refusal(f"weeks, and the number of the first, are whole numbers from 1 to {MOST_WEEKS}.")
    if not (0 < len(cells[1]) <= LONGEST_LABEL and 0 < len(cells[2]) <= LONGEST_CODE):
        raise Refusal(f"a name of {LONGEST_LABEL} and a code of {LONGEST_CODE} characters at most are needed.")
    return PeriodDetails(
        kind=PeriodKind(one_of(cells[0], PeriodKind)),
        label=cells[1],
        code=cells[2],
        first_day=day,
        weeks=weeks,
        first_number=first_number,
        status=PeriodStatus(one_of(cells[6], PeriodStatus)),
    )


def small_number(text: str) -> int | None:
    """Read a number of weeks."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_WEEKS)) else 0
    return number if 0 < number <= MOST_WEEKS else None


def one_of(text: str, kind: type[PeriodKind | PeriodStatus]) -> str:
    """Return a word of a closed list, or say which there are."""
    word = text.lower()
    if word not in set(kind):
        raise Refusal(f"“{text[:40]}” is none of {', '.join(kind)}.")
    return word


def note(session: Session, period: AcademicPeriod, verb: str, *, actor: Actor, now: datetime) -> None:
    """Write an act upon term dates into the trail."""
    after = {"label": period.label, "first_day": period.first_day.isoformat(), "weeks": period.weeks}
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=("academic_period", period.id),
        now=now,
        organisation_id=period.organisation_id,
        after={**after, "status": str(period.status)},
    )
