"""Which heading of a cohort's spreadsheet means what. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.calendar.reading.rows import ReadingRefused
from programme.engines.calendar.reading.sheet.columns import by_heading, columns
from programme.engines.calendar.reading.table import HEAD, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from programme.engines.calendar.reading.rows import ColumnSeen
    from programme.engines.calendar.reading.table import Line

HEADINGS = {
    "name": ("name", "full name", "researcher", "student", "student name", "doctoral researcher", "researcher name"),
    "given": ("first name", "given name", "given names", "forename", "forenames", "first names"),
    "family": ("surname", "family name", "last name"),
    "address": ("e mail", "email", "e mail address", "email address", "university e mail", "university email"),
    "home": ("home university", "home", "home institution", "university", "institution", "registered at"),
    "partner": ("partner university", "partner", "partner institution", "second university"),
    "department": ("department", "school", "faculty", "department or school"),
    "college": ("college",),
    "project": ("project", "project title", "thesis title", "title of project", "thesis", "topic"),
    "mode": ("mode of study", "mode", "full or part time", "ft pt", "study mode", "attendance"),
    "per_cent": ("per cent of full time", "per cent", "percentage", "fte", "rate"),
    "registered_on": (
        *("registration starts", "registration start", "registered", "registration", "registered on"),
        *("start date", "start", "date of registration"),
    ),
    "entry": ("term of entry", "entry term", "entry", "first term"),
    "funded_until": ("funded until", "funding ends", "funding end", "end of funding", "stipend end"),
    "submission_deadline": ("submission deadline", "deadline", "submission", "thesis due", "submission date"),
    "has_sponsored_visa": ("sponsored visa", "visa", "visa sponsored", "student visa", "sponsored"),
    "state": ("status", "state"),
}
KNOWN = by_heading(HEADINGS)
LABELS = {
    "name": "Name",
    "address": "E-mail",
    "home": "Home university",
    "partner": "Partner university",
    "department": "Department",
    "college": "College",
    "project": "Project",
    "mode": "Mode of study",
    "per_cent": "Per cent of full time",
    "registered_on": "Registration starts",
    "entry": "Term of entry",
    "funded_until": "Funded until",
    "submission_deadline": "Submission deadline",
    "has_sponsored_visa": "Sponsored visa",
    "state": "Status",
}
"""What the columns are called in the file to begin with, and in sentences."""
TEMPLATE = tuple(LABELS.values())
"""The headings that every file to begin with has."""


def heading_index(lines: Sequence[Line], known: Mapping[str, str] = KNOWN) -> int | None:
    """Find the line of headings among the first: it names an e-mail, and who or where; None if there is none."""
    for index, line in enumerate(lines[:HEAD]):
        fields = {column.field for column in seen_in(line, known)}
        if "address" in fields and fields & {"name", "given", "family", "home"}:
            return index
    return None


def seen_in(line: Line, known: Mapping[str, str] = KNOWN) -> tuple[ColumnSeen, ...]:
    """Return what the cells of a line mean as headings."""
    return columns([as_text(cell) for cell in line.cells], known)


def no_headings() -> ReadingRefused:
    """Return the refusal of a file in which no headings were found."""
    named = ", ".join(TEMPLATE[:4])
    return ReadingRefused(f"No headings were found: an e-mail and a name are needed. We look for {named} and others.")
