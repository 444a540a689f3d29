"""The form that changes this event of a series, this and those that follow, or all that lie ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, HiddenField, SelectChoice, ValidationError

from programme.core.web.forms import Form, line, paragraph
from programme.core.web.words import WEEKDAYS
from programme.engines.calendar.forms.choices import MOST_DIGITS, Choice, Radios, web_address
from programme.engines.calendar.forms.events import MOST_PEOPLE, check_contributor, contributors_in
from programme.engines.calendar.forms.several.dates import ClockField
from programme.engines.calendar.repeating.moving import Shift

if TYPE_CHECKING:
    from wtforms import Field

THIS, FOLLOWING, ALL = "this", "following", "all"
AS_IT_IS = SelectChoice("", "As it is")
NO_VENUE = "none"
YES, NO = "yes", "no"


class ChangesForm(Form):
    """What is to be another; whatever is left empty stays as it is."""

    event = HiddenField()
    which = Radios("Which events", choices=[], default=ALL)
    begins = ClockField("From")
    ends = ClockField("To")
    weekday = Choice(
        "To another day of the same week",
        choices=[AS_IT_IS, *[SelectChoice(str(number), name) for number, name in enumerate(WEEKDAYS)]],
        is_optional=True,
    )
    venue = Choice("Venue", choices=[AS_IT_IS], is_optional=True)
    room = line("Room")
    is_online = Choice(
        "People can take part online",
        choices=[AS_IT_IS, SelectChoice(YES, "Yes"), SelectChoice(NO, "No")],
        is_optional=True,
    )
    online_link = web_address("Link to take part online", hint="Told only to those who have a place.")
    people = paragraph(
        "People on the programme", hint="One a line: Name | Affiliation | Role. They replace all.", rows=3
    )
    description = paragraph("Description", hint="It replaces the whole description.", rows=4)
    cancels = BooleanField("Cancel them", description="They stay to be seen as cancelled; nothing else is changed.")
    reason = paragraph(
        "A sentence for everybody with a place",
        hint="It goes into the mail, and onto each page.",
        longest=500,
        rows=3,
    )

    def validate_people(self, field: Field) -> None:
        """Refuse lines that are no person."""
        people = contributors_in(field.data or "")
        if len(people) > MOST_PEOPLE:
            raise ValidationError(f"Name {MOST_PEOPLE} people at most.")
        for number, who in enumerate(people, start=1):
            check_contributor(number, who)

    @property
    def event_id(self) -> int | None:
        """Return the event from which it was asked, if any."""
        text = self.event.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None

    @property
    def shift(self) -> Shift:
        """Return what is another about time and day, from a form that is valid."""
        weekday = int(self.weekday.data) if self.weekday.data else None
        return Shift(self.begins.time, self.ends.time, weekday)

    def plan_values(self) -> dict[str, Any]:
        """Return what is another about the place, by the names of a plan."""
        found: dict[str, Any] = {}
        if self.venue.data:
            found["venue_id"] = None if self.venue.data == NO_VENUE else int(self.venue.data)
        if self.room.data:
            found["room"] = self.room.data
        if self.is_online.data:
            found["is_online"] = self.is_online.data == YES
        return found

    def detail_values(self) -> dict[str, Any]:
        """Return what is another about everything else, by the names of details."""
        found: dict[str, Any] = {name: self[name].data for name in ("online_link", "description") if self[name].data}
        people = tuple(contributors_in(self.people.data or ""))
        return {**found, "contributions": people} if people else found
