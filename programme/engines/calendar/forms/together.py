"""The forms of what is done to several events at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice, ValidationError

from programme.core.web.forms import Form, paragraph
from programme.engines.calendar.forms.choices import Choice, WholeNumber

if TYPE_CHECKING:
    from wtforms import Field

MOST_STEPS = 520
DAYS, WEEKS = "days", "weeks"


class TogetherForm(Form):
    """A sentence for the people concerned."""

    reason = paragraph(
        "A sentence for everybody with a place",
        hint="It goes into each e-mail, and onto each page.",
        longest=500,
        rows=3,
    )


class ShiftForm(TogetherForm):
    """How much later, and the sentence."""

    by = WholeNumber("How many", default=1, description="A minus is earlier.", render_kw={"class": "in--xs"})
    unit = Choice(
        "Days or weeks", choices=[SelectChoice(WEEKS, "weeks later"), SelectChoice(DAYS, "days later")], default=WEEKS
    )

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.by.flags.required = True

    def validate_by(self, field: Field) -> None:
        """Refuse what moves nothing, or far too far."""
        if not field.errors and (not field.data or abs(field.data) > MOST_STEPS):
            raise ValidationError(f"Enter a number from 1 to {MOST_STEPS}; a minus is earlier.")

    @property
    def days(self) -> int:
        """Return how many days that is."""
        return int(self.by.data or 0) * (7 if self.unit.data == WEEKS else 1)
