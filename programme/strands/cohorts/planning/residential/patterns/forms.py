"""The form of a pattern: its title, and one line of fields for each part with some empty ones at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, SelectChoice

from programme.core.web.forms import Form, line
from programme.engines.calendar.forms.choices import Choice, id_or_none
from programme.engines.calendar.forms.several.dates import ClockField
from programme.strands.cohorts.planning.residential.patterns import places
from programme.strands.cohorts.planning.residential.patterns.editing import PatternDetails
from programme.strands.cohorts.planning.residential.template import WEEKDAY_NAMES, PatternPart, minutes_between

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_TITLE, LONGEST_PART, LONGEST_HINT = 120, 150, 300
MOST_PARTS, SPARE = 20, 2
DAYS = [SelectChoice(number, name) for number, name in enumerate(WEEKDAY_NAMES)]
NO_PART = "Keep at least one part: write what it is, and when."


class PatternForm(Form):
    """A pattern; the fields of each part are named by its number, and `count` says how many lines there are."""

    title = line("Title", longest=LONGEST_TITLE, ask="Enter a title, like “Joint week with one night”.")
    hint = line("What it is for", longest=LONGEST_HINT)
    count = 0

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate the fields, then each line that something is written in."""
        valid = super().validate(extra_validators=extra_validators)
        sound = [self.is_sound(number) for number in self.written()]
        if not sound:
            self.form_errors.append(NO_PART)
        return valid and bool(sound) and all(sound)

    def is_sound(self, number: int) -> bool:
        """Whether a line that is in use has all it needs; writes on its fields what is missing."""
        begins, ends = self[f"part{number}_begins"], self[f"part{number}_ends"]
        for field, said in ((begins, "Enter when it begins."), (ends, "Enter when it ends.")):
            if not field.data:
                field.errors = [*field.errors, said]
        if begins.time and ends.time and minutes_between(begins.time, ends.time) <= 0:
            ends.errors = [*ends.errors, f"“{self[f'part{number}_title'].data}” must end after it begins, on its day."]
        return not (begins.errors or ends.errors)

    def written(self) -> list[int]:
        """Return the numbers of the lines that say what they are: the others are no parts."""
        return [number for number in range(self.count) if self[f"part{number}_title"].data]

    def details(self) -> PatternDetails:
        """Return the pattern in a form that is valid."""
        parts = [self.part(number) for number in self.written()]
        return PatternDetails(self.title.data, self.hint.data or "", parts)

    def part(self, number: int) -> PatternPart:
        """Return one part in a form that is valid."""
        name = f"part{number}"
        place, begins = places.place_of(self[f"{name}_place"].data or ""), self[f"{name}_begins"].time
        return PatternPart(
            weekday=self[f"{name}_weekday"].data,
            title=self[f"{name}_title"].data,
            begins=begins,
            minutes=minutes_between(begins, self[f"{name}_ends"].time),
            kind=place.kind,
            site=place.site,
            from_site=place.from_site,
            venue_id=place.venue_id,
            stays_overnight=bool(self[f"{name}_overnight"].data),
            is_proposed=bool(self[f"{name}_proposed"].data),
            hint=self[f"{name}_hint"].data or "",
        )


def form_of(count: int, venues: Sequence[tuple[int, str]]) -> type[PatternForm]:
    """Return a form with so many lines, with the places that there are to choose from."""
    choices = [
        SelectChoice(places.NOT_KNOWN, "Not known yet"),
        SelectChoice(places.ONLINE, "Online"),
        *(SelectChoice(value, word) for value, word in places.cities()),
        *(SelectChoice(value, word) for value, word in places.ways()),
        *(SelectChoice(f"{places.VENUE}:{number}", name) for number, name in venues),
    ]
    fields: dict[str, Any] = {"count": count}
    for number in range(count):
        name = f"part{number}"
        fields |= {
            f"{name}_title": line("What it is", longest=LONGEST_PART),
            f"{name}_weekday": Choice("Day", coerce=int, choices=DAYS, default=0),
            f"{name}_begins": ClockField("From"),
            f"{name}_ends": ClockField("To"),
            f"{name}_place": Choice("Where", choices=choices, default="", is_optional=True),
            f"{name}_overnight": BooleanField("The night is spent there"),
            f"{name}_proposed": BooleanField("Ticked when a week is planned", default=True),
            f"{name}_hint": line("A word beside it", longest=LONGEST_HINT),
        }
    return type("PatternFormOf", (PatternForm,), fields)


def data_of(title: str, hint: str, parts: Sequence[PatternPart]) -> dict[str, Any]:
    """Return what the form is filled with."""
    found: dict[str, Any] = {"title": title, "hint": hint}
    for number, one in enumerate(parts):
        name = f"part{number}"
        found |= {
            f"{name}_title": one.title,
            f"{name}_weekday": one.weekday,
            f"{name}_begins": f"{one.begins:%H:%M}",
            f"{name}_ends": f"{one.ends:%H:%M}",
            f"{name}_place": places.choice_of(one),
            f"{name}_overnight": one.stays_overnight,
            f"{name}_proposed": one.is_proposed,
            f"{name}_hint": one.hint,
        }
    return found


class CopyForm(Form):
    """What a copy is called, and whose it is."""

    title = line("Title of the copy", longest=LONGEST_TITLE, ask="Enter a title.")
    owner = Choice("For", coerce=id_or_none, is_optional=True)
