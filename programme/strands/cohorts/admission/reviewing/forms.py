"""The forms of reviewers: what ties them to an applicant, and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice

from programme.core.web.forms import Form, line, paragraph
from programme.engines.calendar.forms.choices import Choice, Radios
from programme.strands.cohorts.admission.judging import HALF_POINTS, MOST_HALF_POINTS
from programme.strands.cohorts.admission.states import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.strands.cohorts.models import Admission, Review

LONGEST_WORDS, LONGEST_CONFLICT = 5_000, 500
CONFLICT_WORDS: Mapping[Conflict, tuple[str, str]] = {
    Conflict.NONE: ("Nothing ties me to this applicant", "You see the application next."),
    Conflict.SUPERVISOR_OR_MENTOR: ("I supervise or mentor them, or would", "You do not review this application."),
    Conflict.SAME_DEPARTMENT: ("We are in one department or group", "The chair decides whether you may review it."),
    Conflict.FINANCIAL: ("I have a financial interest", "You do not review this application."),
    Conflict.PERSONAL: ("We are related, friends, or in dispute", "You do not review this application."),
    Conflict.COMPETITOR: ("We compete in research", "The chair decides whether you may review it."),
}


class DeclarationForm(Form):
    """What ties a reviewer to an applicant."""

    conflict = Radios(
        "What ties you to this applicant?",
        choices=[SelectChoice(one.value, word, {"hint": hint}) for one, (word, hint) in CONFLICT_WORDS.items()],
    )
    words = line("In a few words", hint="For the chair, where the chair decides.", longest=LONGEST_CONFLICT)


def score_words(half_points: int) -> str:
    """Say a score: 3, 3½."""
    whole, half = divmod(half_points, HALF_POINTS)
    return f"{whole or '' if half else whole}{'½' if half else ''}"


SCORES = [
    SelectChoice("", "Not yet"),
    *(SelectChoice(str(one), score_words(one)) for one in range(MOST_HALF_POINTS, -1, -1)),
]


class ScoreForm(Form):
    """What a reviewer says besides scores; there is a field for each criterion besides."""

    remarks = paragraph("What you say to the panel", hint="Organisers read it.", longest=LONGEST_WORDS, rows="6")

    def given(self) -> dict[int, int]:
        """Return the half points that were chosen, by criterion."""
        chosen = {
            name: field.data for name, field in self._fields.items() if name.startswith("c") and name[1:].isdecimal()
        }
        return {int(name[1:]): int(value) for name, value in chosen.items() if value}


def score_form(admission: Admission, review: Review, typed: Any = None) -> ScoreForm:
    """Return the form with the criteria of an admission, and what was given so far."""
    fields = {f"c{one.id}": Choice(one.title, choices=SCORES) for one in admission.criteria}
    made = type("ScoresForm", (ScoreForm,), fields)
    given = {f"c{one.criterion_id}": str(one.half_points) for one in review.scores}
    form: ScoreForm = made(typed, data={**given, "remarks": review.words})
    return form
