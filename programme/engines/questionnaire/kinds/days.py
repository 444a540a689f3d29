"""Days and times of day."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from programme.core.refusal import Refusal
from programme.core.web.words import long_date
from programme.engines.questionnaire.kinds.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.questionnaire.kinds.asked import Asked

CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::00)?")
LAST_HOUR, LAST_MINUTE = 23, 59


class Date(Kind):
    """A day."""

    name, title = "date", "Date"
    about = "A day, such as a date of arrival."
    wanted = "Enter a date."

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the day as 2027-01-31."""
        del asked
        if not raw:
            return None
        try:
            return date.fromisoformat(raw[0].strip()).isoformat()
        except ValueError:
            raise Refusal("Enter a date that exists, like 2027-01-31.") from None

    def text(self, value: Any) -> str:
        """Say the day in words."""
        return long_date(date.fromisoformat(value))


class Time(Kind):
    """A time of day, on the 24-hour clock."""

    name, title = "time", "Time"
    about = "A time of day, such as a train’s."
    wanted = "Enter a time."

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the time as 09:30."""
        del asked
        if not raw:
            return None
        found = CLOCK.fullmatch(raw[0].strip())
        hour, minute = map(int, found.groups()) if found else (LAST_HOUR + 1, 0)
        if hour > LAST_HOUR or minute > LAST_MINUTE:
            raise Refusal("Enter a time on the 24-hour clock, like 14:30.")
        return f"{hour:02}:{minute:02}"
