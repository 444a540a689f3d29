"""Forms of awards and cohorts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice

from programme.core.web.forms import Form, line, paragraph
from programme.engines.calendar.forms.choices import Choice, Radios, id_or_none, whole_number
from programme.engines.calendar.forms.instants import DayField
from programme.strands.cohorts.awards.actions import AwardDetails
from programme.strands.cohorts.awards.cohorts import CohortDetails
from programme.strands.cohorts.awards.words import KIND_WORDS, UNIT_WORDS
from programme.strands.cohorts.states import AwardType, TrainingUnit

if TYPE_CHECKING:
    from programme.strands.cohorts.models import Cohort, FundingAward

LONGEST_REFERENCE = 100
MOST_DAYS, MOST_TARGET, DAY_HOURS = 1_000, 10_000, 24
YEARS = (2000, 2100)
USUAL_TARGET, USUAL_HOURS = 10, 7
ENTRY = (10, 1)
"""When a cohort enters unless said otherwise: month and day."""


class AwardForm(Form):
    """Everything about an award."""

    title = line("Title", hint="As its researchers know it.", ask="Enter a title.")
    lead = Choice("Led by", coerce=id_or_none)
    kind = Choice("Kind", choices=[SelectChoice(kind.value, word) for kind, word in KIND_WORDS.items()])
    funder = line("Funder", hint="Like EPSRC, or a charity.")
    grant_reference = line("Grant reference", longest=LONGEST_REFERENCE)
    begins_on = DayField("Begins")
    ends_on = DayField(
        "Ends", description="Records name their researchers for six years after this day, and nobody afterwards."
    )
    placement_days = whole_number("Placement, in working days", least=0, most=MOST_DAYS, hint="In all; 0 for none.")
    training_target = whole_number("Training a year", least=0, most=MOST_TARGET)
    training_unit = Radios("Counted in", choices=[SelectChoice(unit.value, word) for unit, word in UNIT_WORDS.items()])
    hours_a_day = whole_number(
        "Hours in a day of training", least=1, most=DAY_HOURS, hint="Used where training is counted in days."
    )
    notes = paragraph("Notes", hint="Organisers of the award see them, nobody else.", rows=4)

    def details(self) -> AwardDetails:
        """Return what was typed."""
        return AwardDetails(
            title=self.title.data,
            kind=AwardType(self.kind.data),
            funder=self.funder.data or "",
            grant_reference=self.grant_reference.data or "",
            begins_on=self.begins_on.day,
            ends_on=self.ends_on.day,
            placement_days=self.placement_days.data or 0,
            training_target=self.training_target.data or 0,
            training_unit=TrainingUnit(self.training_unit.data),
            hours_a_day=self.hours_a_day.data or USUAL_HOURS,
            notes=self.notes.data or "",
        )


def award_data(award: FundingAward | None) -> dict[str, Any]:
    """Return what the form is filled with: an award, or what is usual."""
    if award is None:
        unit = TrainingUnit.DAYS.value
        usual = {"placement_days": 0, "training_target": USUAL_TARGET, "hours_a_day": USUAL_HOURS}
        return {**usual, "training_unit": unit, "kind": AwardType.FOCAL.value}
    names = ("title", "funder", "grant_reference", "placement_days", "training_target", "hours_a_day", "notes")
    days = {name: getattr(award, name) for name in ("begins_on", "ends_on")}
    return {
        **{name: getattr(award, name) for name in names},
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "kind": award.kind.value,
        "training_unit": award.training_unit.value,
    }


class CohortForm(Form):
    """Everything about a cohort."""

    def __init__(self, typed: Any = None, **rest: Any) -> None:
        super().__init__(typed, **rest)
        self.entry_year.flags.required = True

    title = line(
        "Title", hint="Its group, which letters and events can be for, is called the same.", ask="Enter a title."
    )
    entry_year = whole_number("Enters in the academic year that begins in", least=YEARS[0], most=YEARS[1])
    entry_on = DayField(
        "Entry date", description="The usual first day; empty is 1 October. Each researcher may differ."
    )
    target_size = whole_number(
        "Target size", least=1, most=MOST_TARGET, hint="How many researchers are wanted, if that is set."
    )

    def details(self) -> CohortDetails | None:
        """Return what was typed; None, with the sentence on the field, where the year is missing."""
        if self.entry_year.data is None:
            self.entry_year.errors = [*self.entry_year.errors, "Enter the year in which the academic year begins."]
            return None
        usual = date(self.entry_year.data, *ENTRY)
        return CohortDetails(
            title=self.title.data,
            entry_year=self.entry_year.data,
            entry_on=self.entry_on.day or usual,
            target_size=self.target_size.data,
        )


def cohort_data(cohort: Cohort) -> dict[str, Any]:
    """Return what the form is filled with from a cohort."""
    names = ("title", "entry_year", "target_size")
    return {**{name: getattr(cohort, name) for name in names}, "entry_on": cohort.entry_on.isoformat()}
