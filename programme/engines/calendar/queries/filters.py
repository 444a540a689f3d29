"""What a list is asked for: read from an address, said in words, written into an address again."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from programme.engines.calendar.states import FOCUS_AREAS, Audience
from programme.people.states import Strand

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SEARCH = 100
MOST_WORDS = 8
SLUG = re.compile(r"[a-z0-9-]{1,60}")
YEARS = range(1990, 2101)
SITES = {"LIV": "Liverpool", "DAR": "Daresbury", "OXF": "Oxford", "HAR": "Harwell", "LON": "London"}
ONLINE = "online"
AUDIENCES = {
    Audience.EVERYONE: "Everyone",
    Audience.BOTH_UNIVERSITIES: "Members of both universities",
    Audience.LEAD_UNIVERSITY: "Members of the university that runs it",
    Audience.INVITED: "By invitation",
}
LABELS = {
    "q": "search words",
    "strand": "strand",
    "university": "university",
    "at": "place",
    "focus": "focus area",
    "who": "who may attend",
    "from": "first day",
    "to": "last day",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted; empty means anything. `site` is the code of a site or "online"."""

    words: str = ""
    strand: Strand | None = None
    university: str = ""
    site: str = ""
    focus: str = ""
    audience: Audience | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether anything goes."""
        return self == Filters()

    @property
    def has_dates(self) -> bool:
        """Whether days were asked for."""
        return self.first_day is not None or self.last_day is not None

    @property
    def without_dates(self) -> Filters:
        """The same for whatever day."""
        return replace(self, first_day=None, last_day=None)


PARAMETERS = dict(zip(LABELS, (field.name for field in fields(Filters)), strict=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters as read from an address, and the parameters that made no sense and were left out."""

    filters: Filters
    left_out: tuple[str, ...] = ()


def read(given: Mapping[str, str]) -> Asked:
    """Read filters from the parameters of an address; whatever makes no sense is left out and named."""
    values: dict[str, Any] = {}
    left_out = []
    for parameter, field in PARAMETERS.items():
        text = " ".join(given.get(parameter, "").split())
        value = READERS[parameter](text) if text else None
        if value is not None:
            values[field] = value
        elif text:
            left_out.append(parameter)
    filters = Filters(**values)
    if filters.first_day and filters.last_day and filters.last_day < filters.first_day:
        return Asked(replace(filters, last_day=None), (*left_out, "to"))
    return Asked(filters, tuple(left_out))


def parameters(filters: Filters) -> dict[str, str]:
    """Write filters as the parameters of an address."""
    values = {parameter: getattr(filters, field) for parameter, field in PARAMETERS.items()}
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) for name, value in values.items() if value
    }


def words_of(filters: Filters) -> list[str]:
    """Split the search into words, each of which must be found."""
    return filters.words.lower().split()[:MOST_WORDS]


def search_words(text: str) -> str | None:
    """Keep a search that is not boundless."""
    return text if len(text) <= LONGEST_SEARCH and text.isprintable() else None


def strand_named(text: str) -> Strand | None:
    """Return the strand of that name."""
    return Strand(text) if text in set(Strand) else None


def audience_named(text: str) -> Audience | None:
    """Return the audience of that name."""
    return Audience(text) if text in set(Audience) else None


def slug_like(text: str) -> str | None:
    """Keep what can be an organisation's slug."""
    return text if SLUG.fullmatch(text) else None


def site_named(text: str) -> str | None:
    """Return a site's code, or "online"."""
    return text if text in SITES or text == ONLINE else None


def focus_named(text: str) -> str | None:
    """Return a focus area's key."""
    return text if text in FOCUS_AREAS else None


def day_named(text: str) -> date | None:
    """Read 2027-03-28; no other writing, and no year far from ours."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


READERS = {
    "q": search_words,
    "strand": strand_named,
    "university": slug_like,
    "at": site_named,
    "focus": focus_named,
    "who": audience_named,
    "from": day_named,
    "to": day_named,
}
