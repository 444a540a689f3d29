"""One thing that needs an organiser: what, why, by when, and one verb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from programme.core.web.words import clock_time, distance, short_date, zone
from programme.engines.calendar.times import london_day, start_of_day

SOON_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do. `due` is None where there is no day; `by` is "time" where the hour counts."""

    title: str
    url: str
    why: str
    due: datetime | None
    verb: str
    station: str = "due"
    by: str = ""

    def kind(self, now: datetime) -> str:
        """Say which colour: late is bad, within a week is waiting."""
        if self.due is None or self.due > now + SOON_AFTER:
            return ""
        return "bad" if self.due < start_of_day(london_day(now)) else "wait"

    def words(self, now: datetime) -> str:
        """Say by when."""
        if self.due is None:
            return self.by or "When you can"
        if london_day(self.due) < london_day(now):
            return f"{distance(self.due, now).removesuffix(' ago')} late".replace("yesterday late", "1 day late")
        day = "Today" if london_day(self.due) == london_day(now) else short_date(self.due)
        return f"{day}, {clock_time(self.due)} {zone(self.due)}" if self.by == "time" else day
