"""The form of a joint residential: the week, the title, and each part of a pattern with its times and place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, SelectChoice, ValidationError

from programme.core.tokens import mark_of
from programme.core.web.forms import Form, line
from programme.core.web.words import long_date
from programme.engines.calendar.forms.choices import Choice, id_or_none
from programme.engines.calendar.forms.instants import DayField
from programme.engines.calendar.forms.several.dates import ClockField
from programme.strands.cohorts.planning.residential.patterns import places
from programme.strands.cohorts.planning.residential.template import at_times, days_of, monday_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from wtforms import Field

    from programme.strands.cohorts.planning.residential.template import PatternPart, PlannedDay

LONGEST_TITLE, LONGEST_DAY = 150, 150
WEEK = timedelta(weeks=1)
NOT_KNOWN = SelectChoice("", "Not known yet")


@dataclass(frozen=True, slots=True)
class WantedDay:
    """One part that is to be made: when, what it is called, and where: None online, on the way, or not known."""

    day: PlannedDay
    what: str
    venue_id: int | None


class ResidentialForm(Form):
    """A week of parts; the fields of each are named by its place in the pattern, of which `version` is a mark."""

    parts: Sequence[PatternPart] = ()
    version = ""
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
        """Validate the fields, then the times of each part, and that there is one."""
        valid = super().validate(extra_validators=extra_validators)
        wrong = [(name, one) for name, one in self.chosen() if self.is_backwards(name)]
        for name, one in wrong:
            ends = self[f"{name}_ends"]
            ends.errors = [*ends.errors, f"{one.day_name} must end after it begins."]
        if not any(True for _ in self.chosen()):
            self.form_errors.append("Tick at least one day.")
            return False
        return valid and not wrong

    def is_backwards(self, name: str) -> bool:
        """Whether a part would end before it begins."""
        begins, ends = self[f"{name}_begins"].time, self[f"{name}_ends"].time
        return begins is not None and ends is not None and ends <= begins

    def named(self) -> Iterator[tuple[str, PatternPart]]:
        """Give every part with the name of its fields."""
        return ((f"part{number}", one) for number, one in enumerate(self.parts))

    def chosen(self) -> Iterator[tuple[str, PatternPart]]:
        """Give the parts that are ticked, with the names of their fields."""
        return ((name, one) for name, one in self.named() if self[f"{name}_on"].data)

    def days(self) -> list[WantedDay]:
        """Return the parts in a form that is valid, in the order of the week."""
        monday = self.monday.day
        if monday is None:
            message = "days are made of a form that was validated"
            raise ValueError(message)
        found = []
        for name, one in self.chosen():
            part = at_times(self.sent(name, one), self[f"{name}_begins"].time, self[f"{name}_ends"].time)
            found += [
                WantedDay(day, self[f"{name}_what"].data, self.venue_of(name, one)) for day in days_of(monday, [part])
            ]
        return sorted(found, key=lambda one: (one.day.begins, one.day.ends))

    def sent(self, name: str, one: PatternPart) -> PatternPart:
        """Return a part with the way that was chosen for it, where it is one."""
        if not one.is_travel:
            return one
        way = places.place_of(self[f"{name}_way"].data)
        return replace(one, site=way.site, from_site=way.from_site)

    def venue_of(self, name: str, one: PatternPart) -> int | None:
        """Return where a part is; what is online, or a way, is nowhere."""
        return None if one.is_online or one.is_travel else self[f"{name}_venue"].data

    @property
    def mark(self) -> str:
        """Return a mark of all that was typed: what is made is what was looked at."""
        return mark_of([self.version, *(f"{field.name} {field.data!r}" for field in self)])


def form_of(parts: Sequence[PatternPart], *, version: str, venues: Sequence[tuple[int, str]]) -> type[ResidentialForm]:
    """Return the form of a week with the parts of a pattern."""
    fields: dict[str, Any] = {"parts": parts, "version": version}
    choices = [NOT_KNOWN, *(SelectChoice(number, name) for number, name in venues)]
    ways = [SelectChoice(value, word.partition(": ")[2]) for value, word in places.ways()]
    for number, one in enumerate(parts):
        name = f"part{number}"
        fields |= {
            f"{name}_on": BooleanField(one.day_name, default=one.is_proposed),
            f"{name}_what": line("What it is", longest=LONGEST_DAY, ask=f"Say what {one.day_name} is."),
            f"{name}_begins": ClockField("From", ask=f"Enter when {one.day_name} begins."),
            f"{name}_ends": ClockField("To", ask=f"Enter when {one.day_name} ends."),
        }
        if one.is_travel:
            fields[f"{name}_way"] = Choice("The way", choices=ways)
        elif not one.is_online:
            fields[f"{name}_venue"] = Choice("Venue", coerce=id_or_none, choices=choices, is_optional=True)
    return type("ResidentialFormOf", (ResidentialForm,), fields)


def proposed(monday: date, parts: Sequence[PatternPart]) -> dict[str, Any]:
    """Return what the form is filled with: the parts of a pattern in a week."""
    found: dict[str, Any] = {"monday": monday.isoformat(), "title": f"Joint residential, {monday:%B %Y}"}
    for number, one in enumerate(parts):
        name = f"part{number}"
        found |= {
            f"{name}_what": one.title,
            f"{name}_begins": f"{one.begins:%H:%M}",
            f"{name}_ends": f"{one.ends:%H:%M}",
            f"{name}_venue": one.venue_id,
            f"{name}_way": places.choice_of(one),
        }
    return found
