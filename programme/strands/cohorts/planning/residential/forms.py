"""The form of a joint residential: the week, the title, and each day of the pattern with its times and place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, SelectChoice, ValidationError

from programme.core.tokens import mark_of
from programme.core.web.forms import Form, line
from programme.core.web.words import long_date
from programme.engines.calendar.forms.choices import Choice, id_or_none
from programme.engines.calendar.forms.instants import DayField
from programme.engines.calendar.forms.several.dates import ClockField
from programme.strands.cohorts.planning.residential.template import JOINT_RESIDENTIAL, at_times, days_of, monday_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from wtforms import Field

    from programme.strands.cohorts.planning.residential.template import DayPattern, PlannedDay

LONGEST_TITLE, LONGEST_DAY = 150, 150
WEEK = timedelta(weeks=1)
NOT_KNOWN = SelectChoice("", "Not known yet")


@dataclass(frozen=True, slots=True)
class WantedDay:
    """One day that is to be made: when, what it is called, and where: None online, or where nobody knows."""

    day: PlannedDay
    what: str
    venue_id: int | None


class ResidentialForm(Form):
    """A week of days; the fields of each day are named by its key in the pattern."""

    monday = DayField("The Monday of the week", ask="Choose the Monday of the week.")
    title = line("Title", longest=LONGEST_TITLE, ask="Enter a title, like “Joint residential, November 2026”.")
    earliest: date | None = None

    def validate_monday(self, field: Field) -> None:
        """Refuse another day of the week, and a week that is over."""
        day = self.monday.day
        if field.errors or day is None:
            return
        monday = monday_of(day)
        if monday != day:
            raise ValidationError(f"That is a {day:%A}. The Monday of its week is {long_date(monday)}.")
        if self.earliest and monday + WEEK <= self.earliest:
            raise ValidationError("That week is over. Choose one that lies ahead.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate the fields, then the times of each day, and that there is a day."""
        valid = super().validate(extra_validators=extra_validators)
        wrong = [one for one in self.chosen() if self.is_backwards(one)]
        for one in wrong:
            ends = self[f"{one.key}_ends"]
            ends.errors = [*ends.errors, f"{one.day_name} must end after it begins."]
        if not any(True for _ in self.chosen()):
            self.form_errors.append("Tick at least one day.")
            return False
        return valid and not wrong

    def is_backwards(self, one: DayPattern) -> bool:
        """Whether a day would end before it begins."""
        begins, ends = self[f"{one.key}_begins"].time, self[f"{one.key}_ends"].time
        return begins is not None and ends is not None and ends <= begins

    def chosen(self) -> Iterator[DayPattern]:
        """Give the days that are ticked."""
        return (one for one in JOINT_RESIDENTIAL if self[f"{one.key}_on"].data)

    def days(self) -> list[WantedDay]:
        """Return the days in a form that is valid."""
        monday = self.monday.day
        if monday is None:
            message = "days are made of a form that was validated"
            raise ValueError(message)
        at = [at_times(one, self[f"{one.key}_begins"].time, self[f"{one.key}_ends"].time) for one in self.chosen()]
        return [
            WantedDay(day, self[f"{day.pattern.key}_what"].data, self.venue_of(day.pattern))
            for day in days_of(monday, at)
        ]

    def venue_of(self, one: DayPattern) -> int | None:
        """Return where a day is; online days are nowhere."""
        return None if one.is_online else self[f"{one.key}_venue"].data

    @property
    def mark(self) -> str:
        """Return a mark of all that was typed: what is made is what was looked at."""
        return mark_of([f"{field.name} {field.data!r}" for field in self])


for _one in JOINT_RESIDENTIAL:
    setattr(ResidentialForm, f"{_one.key}_on", BooleanField(_one.day_name, default=True))
    setattr(
        ResidentialForm,
        f"{_one.key}_what",
        line(
            "What it is",
            longest=LONGEST_DAY,
            ask=f"Say what {_one.day_name} is.",
        ),
    )
    setattr(ResidentialForm, f"{_one.key}_begins", ClockField("From", ask=f"Enter when {_one.day_name} begins."))
    setattr(ResidentialForm, f"{_one.key}_ends", ClockField("To", ask=f"Enter when {_one.day_name} ends."))
    if not _one.is_online:
        setattr(
            ResidentialForm,
            f"{_one.key}_venue",
            Choice("Venue", coerce=id_or_none, choices=[NOT_KNOWN], is_optional=True),
        )


def proposed(monday: date) -> dict[str, Any]:
    """Return what the form is filled with: the pattern in a week."""
    found: dict[str, Any] = {"monday": monday.isoformat(), "title": f"Joint residential, {monday:%B %Y}"}
    for one in JOINT_RESIDENTIAL:
        found |= {
            f"{one.key}_what": one.title,
            f"{one.key}_begins": f"{one.begins:%H:%M}",
            f"{one.key}_ends": f"{one.ends:%H:%M}",
        }
    return found
