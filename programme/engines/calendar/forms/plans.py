"""When and where: the part of a form that makes a plan."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, HiddenField, SelectChoice

from programme.core.web.forms import Form, line, paragraph
from programme.engines.calendar.actions.values import Plan
from programme.engines.calendar.forms.choices import MOST_DIGITS, Choice, id_or_none
from programme.engines.calendar.forms.instants import InstantField
from programme.engines.calendar.times import london_day, start_of_day

if TYPE_CHECKING:
    from datetime import datetime

    from programme.engines.calendar.models import Event

NO_VERSION = -1
LONGEST_STAY = timedelta(days=366)
PLAN_PARTS = ("starts", "ends", "all_day", "venue", "room", "is_online")


class PlanForm(Form):
    """When and where an event is."""

    _fields: dict[str, Any]

    all_day = BooleanField("All day, without times")
    starts = InstantField(
        "Starts",
        description="UK time, on the 24-hour clock.",
        ask="Enter the day and the time at which it starts.",
        whole_day="all_day",
    )
    ends = InstantField(
        "Ends",
        description="Leave the day empty where it ends on the day it starts.",
        ask="Enter the time at which it ends.",
        day_from="starts",
        whole_day="all_day",
    )
    venue = Choice("Venue", coerce=id_or_none, choices=[SelectChoice("", "Not known yet")], is_optional=True)
    room = line("Room", hint="For example “Lecture theatre 2, first floor”.")
    is_online = BooleanField("People can take part online")

    def process(self, formdata: Any = None, *given: Any, **values: Any) -> None:
        """Fill the fields; an end on the day of the start leaves its day empty, so that the start alone is moved."""
        super().process(formdata, *given, **values)
        if formdata is None and self.ends.day_text == self.starts.day_text:
            self.ends.day_text = ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate the fields, then the two moments together."""
        valid = super().validate(extra_validators=extra_validators)
        if "starts" not in self or self.starts.data is None or self.ends.data is None:
            return valid
        sentence = wrong_span(self.plan())
        if sentence:
            self.ends.errors = [*self.ends.errors, sentence]
        return valid and not sentence

    def plan(self) -> Plan:
        """Return when and where, as typed in a form that is valid."""
        starts, ends = self.starts.data, self.last_moment()
        if starts is None or ends is None:
            message = "a plan is made of a form that was validated"
            raise ValueError(message)
        return Plan(
            starts_at=starts,
            ends_at=ends,
            all_day=bool(self.all_day.data),
            venue_id=self.venue.data,
            room=self.room.data or "",
            is_online=bool(self.is_online.data),
        )

    def last_moment(self) -> datetime | None:
        """Return the end; of whole days, the midnight after the last."""
        ends = self.ends.data
        return start_of_day(london_day(ends) + timedelta(days=1)) if ends and self.all_day.data else ends

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Return name and text of all that was typed about the plan, for a form that only confirms."""
        kept = [*self.starts.hidden(), *self.ends.hidden()]
        kept += [("venue", str(self.venue.data or "")), ("room", self.room.data or "")]
        kept += [(name, "y") for name in ("all_day", "is_online") if self[name].data]
        return kept


def wrong_span(plan: Plan) -> str:
    """Say what is wrong with a start and an end, if anything."""
    if plan.ends_at <= plan.starts_at:
        return "The end must be later than the start."
    if plan.ends_at - plan.starts_at > LONGEST_STAY:
        return "An event lasts a year at most: make it a series, or an event with parts."
    return ""


def plan_data(event: Event) -> dict[str, Any]:
    """Return what a form is filled with from an event."""
    last = event.ends_at - timedelta(days=1) if event.all_day else event.ends_at
    return {
        "starts": event.starts_at,
        "ends": last,
        "all_day": event.all_day,
        "venue": event.venue_id,
        "room": event.room,
        "is_online": event.is_online,
    }


class ChangeForm(PlanForm):
    """Another time or place for an event that people know of, with a sentence for them."""

    version = HiddenField()
    reason = paragraph(
        "A sentence for everybody with a place",
        hint="It goes into the mail, and onto the page.",
        longest=500,
        rows=3,
    )


class MoveForm(ChangeForm):
    """A change of time or place alone; another way of writing the same place may go untold."""

    is_quiet = BooleanField(
        "Tell nobody: this only corrects how the place is written",
        description="Pages and calendars show it all the same. Another time is always told.",
    )

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Return all that was typed, and whether it goes untold."""
        return [*super().carried, *([("is_quiet", "y")] if self.is_quiet.data else [])]


class PutOffForm(ChangeForm):
    """A change that may be without a new date."""

    has_date = BooleanField("There is a new date already", render_kw={"data-opens": ""})

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate; without a new date, whatever stands in its fields does not count."""
        every = self._fields
        if not self.has_date.data:
            self._fields = {name: field for name, field in every.items() if name not in PLAN_PARTS}
        try:
            return super().validate(extra_validators=extra_validators)
        finally:
            self._fields = every

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Return all that was typed, and whether there is a date."""
        return [*super().carried, *([("has_date", "y")] if self.has_date.data else [])]


class ReasonForm(Form):
    """A sentence for the people concerned, and nothing else."""

    version = HiddenField()
    reason = paragraph(
        "A sentence for everybody with a place",
        hint="It goes into the mail, and onto the page.",
        longest=500,
        rows=3,
    )


def version_of(form: Form) -> int:
    """Return the version that a form was made from; one that does not say is of no version, and so never fresh."""
    text = str(form["version"].data or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else NO_VERSION
