"""The dates known beforehand: Oxford's Full Terms and England's bank holidays, as first rows for the database."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from programme.engines.calendar.term_weeks.weeks import DateStatus, Numbering, Term

_HERE = Path(__file__).parent
_NUMBERS = ("weeks", "weeks_before", "weeks_after")


@dataclass(frozen=True, slots=True)
class BankHoliday:
    """A day on which England's banks, and Liverpool's teaching, rest; a substitute stands for a weekend day."""

    day: date
    name: str
    is_substitute: bool


def oxford_terms() -> list[Term]:
    """Read Oxford's Full Terms 2024-25 to 2029-30; from 2025-26 on provisional at their source."""
    return [_term(row) for row in _rows("oxford_full_terms.csv")]


def bank_holidays() -> list[BankHoliday]:
    """Read England's bank holidays 2024 to 2031."""
    return [
        BankHoliday(date.fromisoformat(row["day"]), row["name"], row["substitute"] == "yes")
        for row in _rows("england_bank_holidays.csv")
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _term(row: dict[str, str]) -> Term:
    weeks, before, after = (int(row[name]) for name in _NUMBERS)
    return Term(
        organisation=row["organisation"],
        label=row["label"],
        short=row["short"],
        numbering=Numbering(row["numbering"]),
        first_week=date.fromisoformat(row["first_week"]),
        weeks=weeks,
        status=DateStatus(row["status"]),
        weeks_before=before,
        weeks_after=after,
    )
