"""The forms of a training record: training elsewhere, a note, and why something is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import FileField

from programme.core.files.kinds import endings, in_words
from programme.core.web.forms import Form, line, paragraph
from programme.engines.calendar.forms.choices import web_address
from programme.engines.calendar.forms.instants import DayField
from programme.strands.cohorts.records.evidence import ACCEPTS
from programme.strands.cohorts.training.events.actions import Worth
from programme.strands.cohorts.training.record.entries import Declared
from programme.strands.cohorts.training.worth import WorthForm, worth_data

if TYPE_CHECKING:
    from programme.strands.cohorts.models import TrainingEntry

LONGEST_NOTE = 2_000
FIRST = ("title", "organiser", "begins_on", "ends_on", "hours", "codes", "item")
"""The order of the form; what shows it comes after."""


class DeclaredForm(WorthForm):
    """Training elsewhere; of an organiser neither file nor link nor note is asked."""

    title = line("What it was", ask="Say what it was, for example “Scientific writing, two days”.")
    organiser = line("Organised by", ask="Say who organised it.")
    begins_on = DayField("First day", ask="Enter the day on which it began.")
    ends_on = DayField("Last day", ask="Enter the day on which it ended; the same again if it was one day.")
    file = FileField(
        "Certificate, or another file that shows it",
        description=f"{in_words(ACCEPTS)[0].upper()}{in_words(ACCEPTS)[1:]}.",
        render_kw={"accept": endings(ACCEPTS)},
    )
    link = web_address("Or a link that shows it", hint="For example the page of the course.")
    note = paragraph("Your note", hint="What you took from it. Your supervisors read it.", longest=LONGEST_NOTE, rows=4)

    def __iter__(self) -> Any:
        """Go through the fields in the order in which one is asked."""
        rest = [name for name in self._fields if name not in FIRST]
        return iter([self._fields[name] for name in (*FIRST, *rest)])

    @property
    def declared(self) -> Declared:
        """Return what was typed in a form that is valid."""
        begins, ends = self.begins_on.day, self.ends_on.day
        assert begins is not None  # noqa: S101  it is asked for
        assert ends is not None  # noqa: S101  it is asked for
        return Declared(
            title=self.title.data,
            begins_on=begins,
            ends_on=ends,
            worth=Worth(**self.worth),
            organiser=self.organiser.data or "",
            link=(self.link and self.link.data) or "",
            note=(self.note and self.note.data) or "",
        )


def declared_data(row: TrainingEntry) -> dict[str, Any]:
    """Return what the form of an entry holds."""
    days = {"begins_on": row.begins_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    return worth_data(row) | days | {name: getattr(row, name) for name in ("title", "organiser", "link", "note")}


class NoteForm(Form):
    """The researcher's note on an event of ours: nothing else of it is theirs to change."""

    note = paragraph("Your note", hint="What you took from it. Your supervisors read it.", longest=LONGEST_NOTE, rows=4)


class RefusalForm(Form):
    """Why a line is refused."""

    comment = paragraph(
        "Comment",
        hint="The researcher reads it, changes what has to be changed, and hands it in again.",
        ask="Say why: the researcher reads it.",
        longest=LONGEST_NOTE,
        rows=4,
    )
