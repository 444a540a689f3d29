"""The forms of a timetable: a part, and a break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import BooleanField, ValidationError

from programme.core.web.forms import Form, line, paragraph
from programme.engines.calendar.actions.breaks import BreakDetails
from programme.engines.calendar.forms.events import MOST_PEOPLE, check_contributor, contributors_in
from programme.engines.calendar.forms.instants import InstantField

if TYPE_CHECKING:
    from datetime import datetime

    from wtforms import Field

    from programme.engines.calendar.actions.values import Contributor

BAD_SPAN = "a span is taken from a form that was validated"


def starting() -> InstantField:
    """Return the field of the time at which something starts."""
    return InstantField("Starts", ask="Enter the time at which it starts.")


def ending() -> InstantField:
    """Return the field of the time at which something ends."""
    hint = "Leave the day empty where it ends on the day it starts."
    return InstantField("Ends", description=hint, ask="Enter the time at which it ends.", day_from="starts")


class ItemForm(Form):
    """One thing in a timetable; its fields stand in the order of the page, which is that of what is to be put right."""

    starts: InstantField
    ends: InstantField

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return from when to when, from a form that is valid."""
        if self.starts.data is None or self.ends.data is None:
            raise ValueError(BAD_SPAN)
        return self.starts.data, self.ends.data


class PartForm(ItemForm):
    """A part: an event of its own, with a room and people, that one may register for."""

    title = line("Title", longest=500, ask="Enter a title.")
    starts = starting()
    ends = ending()
    room = line("Room")
    people = paragraph("People on the programme", hint="One a line: Name | Affiliation | Role.", rows=2)
    publishes = BooleanField("Publish it at once", description="Else it is a draft, which nobody else sees.")

    def validate_people(self, field: Field) -> None:
        """Refuse lines that are no person."""
        people = contributors_in(field.data or "")
        if len(people) > MOST_PEOPLE:
            raise ValidationError(f"Name {MOST_PEOPLE} people at most.")
        for number, who in enumerate(people, start=1):
            check_contributor(number, who)

    @property
    def contributors(self) -> tuple[Contributor, ...]:
        """Return who speaks."""
        return tuple(contributors_in(self.people.data or ""))


class BreakForm(ItemForm):
    """A break: nobody registers for it."""

    title = line("What it is", hint="For example “Lunch”.", ask="Say what it is, like “Coffee”.")
    starts = starting()
    ends = ending()
    place = line("Where")

    def details(self) -> BreakDetails:
        """Return what was typed in a form that is valid."""
        starts_at, ends_at = self.span
        return BreakDetails(title=self.title.data, starts_at=starts_at, ends_at=ends_at, place=self.place.data or "")
