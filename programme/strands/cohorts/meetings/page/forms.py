"""The form by which a researcher logs a supervision meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice

from programme.core.web.forms import ChecksField, Form, paragraph
from programme.engines.calendar.forms.instants import DayField
from programme.strands.cohorts.meetings.actions import LONGEST_WORDS, Logged
from programme.strands.cohorts.supervising.words import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from programme.strands.cohorts.models import Supervision, SupervisionMeeting


class MeetingForm(Form):
    """A meeting: when, with whom, what was agreed."""

    met_on = DayField("Day", ask="Enter the day on which you met.")
    people = ChecksField("With", coerce=int, description="Each gets a letter with a link; one who agrees is enough.")
    words = paragraph(
        "What you agreed",
        hint="In your words: what is done until when. Your supervisors and whoever runs your cohort read it.",
        ask="Write what you agreed, if only that nothing changes.",
        longest=LONGEST_WORDS,
        rows=5,
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.people.flags.required = True

    def offer(self, rows: Iterable[Supervision]) -> None:
        """Offer those who supervise."""
        self.people.choices = [
            SelectChoice(one.person_id, f"{one.person.name or one.person.address}, {ROLES[one.role].lower()}")
            for one in rows
        ]

    def logged(self) -> Logged:
        """Return what was typed in a form that is valid."""
        if self.met_on.day is None:
            raise ValueError(self.met_on.name)
        return Logged(self.met_on.day, frozenset(self.people.data or ()), self.words.data or "")


def data_of(meeting: SupervisionMeeting, people: Iterable[int]) -> Mapping[str, Any]:
    """Return what the form of a meeting holds."""
    return {"met_on": meeting.met_on.isoformat(), "people": list(people), "words": meeting.words}
