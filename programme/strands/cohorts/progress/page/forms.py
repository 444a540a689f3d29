"""The forms of the pages of milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from wtforms import FileField, SelectChoice

from programme.core.files.kinds import endings, in_words
from programme.core.web.forms import Form, line, mail_address, paragraph
from programme.engines.calendar.forms.choices import Choice, whole_number
from programme.engines.calendar.forms.instants import DayField
from programme.strands.cohorts.milestones.course import MOST_UNITS
from programme.strands.cohorts.progress.moving.suspending import Wanted, unit_words
from programme.strands.cohorts.records.evidence import ACCEPTS

if TYPE_CHECKING:
    from programme.strands.cohorts.milestones.units import Units
    from programme.strands.cohorts.models import Candidature, Suspension

LONGEST_REASON = 2_000
FURTHER = 2
"""Years beyond the present end of a course that a suspension may begin in."""


class OneOfMany(Form):
    """A form that stands beside others on its page: its controls carry its own name."""

    PREFIX: ClassVar[str] = ""

    def __init__(self, typed: Any = None, **given: Any) -> None:
        super().__init__(typed, prefix=self.PREFIX, **given)


class UnitsField(OneOfMany):
    """A number of terms or months, which has to be given."""

    units = whole_number("How many", least=1, most=MOST_UNITS)

    def __init__(self, typed: Any = None, **given: Any) -> None:
        super().__init__(typed, **given)
        self.units.flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the number: where nothing was typed, the field's own checks are not asked any more."""
        valid = super().validate(extra_validators)
        if self.units.data is None and not self.units.errors:
            self.units.errors = ["Enter how many, in digits."]
            return False
        return valid

    def count_in(self, units: Units) -> None:
        """Ask in the units of a university."""
        self.units.label.text = f"How many {unit_words(units)[1]}"


class SuspensionForm(UnitsField):
    """A suspension: from when, how long, why."""

    first_unit = Choice("From", coerce=int)
    form = line("Form", hint="The one it was granted by, for example GSO.17, if there is one.", longest=60)
    reason = paragraph(
        "Why", hint="Seen by the researcher, their supervisors and whoever runs the cohort.", longest=LONGEST_REASON
    )

    def offer(self, row: Candidature, units: Units) -> None:
        """Offer the terms or months of a course."""
        self.count_in(units)
        last = max((one.unit for one in row.milestones), default=row.entry_unit) + FURTHER * units.a_year
        self.first_unit.choices = [SelectChoice(unit, units.name(unit)) for unit in range(row.entry_unit, last + 1)]
        name = unit_words(units)[0]
        self.first_unit.label.text = f"First {name}"

    def wanted(self) -> Wanted:
        """Return what was typed in a form that is valid."""
        return Wanted(self.first_unit.data, self.units.data or 0, self.reason.data or "", self.form.data or "")


def suspension_data(row: Suspension) -> dict[str, object]:
    """Return what the form of a suspension holds."""
    return {"first_unit": row.first_unit, "units": row.units, "reason": row.reason, "form": row.form}


class ExtensionForm(UnitsField):
    """More time for one milestone."""

    PREFIX = "extension-"

    reason = paragraph("Why", longest=LONGEST_REASON)


class DayForm(OneOfMany):
    """A day set by hand."""

    PREFIX = "day-"

    day = DayField("Due on", ask="Enter the day on which it is due.")
    reason = paragraph(
        "Why", hint="Whoever sees the record sees it.", ask="Say why the day is another.", longest=LONGEST_REASON
    )


class ExemptionForm(OneOfMany):
    """That a milestone does not apply to somebody."""

    PREFIX = "exemption-"

    reason = paragraph("Why it does not apply", ask="Say why it does not apply.", longest=LONGEST_REASON)


class DoneForm(OneOfMany):
    """What was done outside the programme."""

    PREFIX = "done-"

    done_on = DayField("Done on", ask="Enter the day on which it was done.")
    words = paragraph(
        "What happened",
        hint="For example “Passed with minor corrections; form with the office”.",
        longest=LONGEST_REASON,
    )


class HandInForm(Form):
    """What a researcher hands in."""

    file = FileField(
        "File",
        description=f"{in_words(ACCEPTS)[0].upper()}{in_words(ACCEPTS)[1:]}.",
        render_kw={"accept": endings(ACCEPTS)},
    )
    words = paragraph("A word to those who sign", longest=LONGEST_REASON)


class SendBackForm(OneOfMany):
    """Why a milestone is sent back."""

    PREFIX = "return-"

    reason = paragraph(
        "Comment",
        hint="The researcher reads it, changes what has to be changed, and hands it in again.",
        ask="Say what has to be changed.",
        longest=LONGEST_REASON,
    )


class ApproverForm(Form):
    """Who signs for the department."""

    name = line("Their name", ask="Enter their name.")
    address = mail_address(
        "Their e-mail", hint="They sign by a link that they are sent.", ask="Enter their e-mail address."
    )
