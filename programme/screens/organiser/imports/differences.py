"""What a changed row would change in its event, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.core.web.words import date_span, join_words, time_range
from programme.engines.calendar.actions.values import place_of
from programme.engines.calendar.naming import audience_words, place_words, shown_title
from programme.flows.importing.taking import LABELS, Ground, audience_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from programme.engines.calendar.models import Event
    from programme.engines.calendar.reading.rows import ReadRow
    from programme.flows.importing.values import PlannedRow

LONGEST = 160


def differences(row: PlannedRow, event: Event) -> list[tuple[str, str, str]]:
    """Return (field, as it is here, as the file says now) for each field that the file changed."""
    lead = event.lead_organisation.short_name
    return [(LABELS[name], brief(BEFORE[name](event)), brief(said(name, row.row, lead))) for name in row.fields]


def said(name: str, row: ReadRow, lead: str) -> str:
    """Return what the file says now."""
    if name == "audience":
        columns = audience_columns(row, Ground({}, {}, lead))
        return audience_words(columns["audience"], lead, columns["audience_note"])
    return AFTER[name](row)


def brief(text: str) -> str:
    """Shorten what is long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST].rstrip()}…"


def when(starts: datetime, ends: datetime, *, all_day: bool) -> str:
    """Say when in one line."""
    return (
        date_span(starts, ends - timedelta(minutes=1))
        if all_day
        else f"{date_span(starts)}, {time_range(starts, ends)}"
    )


def speakers_of(event: Event) -> str:
    """Return the speakers of an event."""
    return join_words([who.name for who in event.contributions if who.role == "speaker"])


BEFORE: Mapping[str, Callable[[Event], str]] = {
    "title": lambda event: shown_title(event.title, is_known=event.title_is_known),
    "series": lambda event: event.series.title if event.series else "",
    "time": lambda event: when(event.starts_at, event.ends_at, all_day=event.all_day),
    "place": place_of,
    "audience": lambda event: audience_words(event.audience, event.lead_organisation.short_name, event.audience_note),
    "abstract": lambda event: event.description,
    "price": lambda event: event.price_note,
    "speakers": speakers_of,
    "status": lambda event: event.state.value,
}
AFTER: Mapping[str, Callable[[ReadRow], str]] = {
    "title": lambda row: shown_title(row.title, is_known=not row.is_title_to_come),
    "series": lambda row: row.series,
    "time": lambda row: when(row.starts, row.ends, all_day=row.all_day),
    "place": lambda row: place_words(row.venue, is_online=row.online_url is not None),
    "abstract": lambda row: row.abstract,
    "price": lambda row: row.price or "",
    "speakers": lambda row: join_words(row.speakers),
    "status": lambda row: row.status.value,
}
