"""The form by which a call for a cohort is made, and what it asks is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, FieldList, FormField, HiddenField

from programme.core.refusal import Refusal
from programme.core.web.forms import Form, line, paragraph
from programme.engines.calendar.forms.choices import whole_number
from programme.engines.calendar.forms.instants import InstantField
from programme.strands.cohorts.admission.judging import HIGHEST
from programme.strands.cohorts.admission.setting_up.wanted import (
    MOST_CRITERIA,
    MOST_OFFER_DAYS,
    MOST_REFERENCES,
    MOST_WEIGHT,
    USUAL_ANCHORS,
    Asks,
    Call,
    Criterion,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.strands.cohorts.models import Admission, Cohort

MOST_PLACES, MOST_DAYS = 1_000, 365
ANCHORS_HINT = f"Six lines: what 0, 1, 2, 3, 4 and {HIGHEST} mean."


class CriterionForm(Form):
    """One criterion; left without a title it is none."""

    id = HiddenField()
    title = line("Criterion")
    weight = whole_number("Weight", least=0, most=MOST_WEIGHT)
    anchors = paragraph("What the numbers mean", hint=ANCHORS_HINT, rows="6")

    def wanted(self) -> Criterion | None:
        """Return what was typed; None where there is no title."""
        if not self.title.data:
            return None
        lines = [one.strip() for one in (self.anchors.data or "").splitlines() if one.strip()]
        known = str(self.id.data or "")
        number = int(known) if known.isascii() and known.isdecimal() and len(known) < MOST_DAYS else None
        weight = 1 if self.weight.data is None else self.weight.data
        return Criterion(self.title.data, weight, tuple(lines) or USUAL_ANCHORS, number)


class AsksForm(Form):
    """What is asked about each application."""

    references_wanted = whole_number("References", least=0, most=MOST_REFERENCES, hint="For each applicant: 0 to 3.")
    references_by = InstantField("References are wanted by", description="Later ones are taken, and marked as late.")
    reviews_by = InstantField("Reviewers score until", description="Then scores are locked; a reason opens them again.")
    hides_names = BooleanField(
        "Hide names from reviewers",
        description="They then see neither names, references nor files, as all of these name people.",
    )
    criteria = FieldList(FormField(CriterionForm), min_entries=MOST_CRITERIA, max_entries=MOST_CRITERIA)

    def asks(self) -> Asks:
        """Return what was typed."""
        found = (one.form.wanted() for one in self.criteria)
        number = self.references_wanted.data
        return Asks(
            references_wanted=2 if number is None else number,
            references_by=self.references_by.data,
            reviews_by=self.reviews_by.data,
            hides_names=bool(self.hides_names.data),
            criteria=tuple(one for one in found if one is not None),
        )

    def refuse(self, refusal: Refusal) -> None:
        """Show a rule's no; one about the criteria stands above the form, as it is about several fields."""
        super().refuse(Refusal(refusal.sentence) if refusal.field == "criteria" else refusal)


class AdmissionForm(AsksForm):
    """A new call for a cohort, with what is asked."""

    title = line("Title", hint="As applicants see it, on what’s on and in letters.", ask="Enter a title.")
    note = paragraph("About it", hint="Shown above the form: what is funded, for whom, how it is decided.")
    opens_at = InstantField("Applications open", description="Leave empty to open when you say so.")
    closes_at = InstantField("Applications close")
    places = whole_number("Places", least=0, most=MOST_PLACES, hint="Leave empty for no limit.")
    offer_days = whole_number(
        "Days to answer an offer", least=1, most=MOST_OFFER_DAYS, hint="An offer not taken in time lapses."
    )
    key_days = whole_number(
        "Days for each university’s key",
        least=1,
        most=MOST_DAYS,
        hint="Once applications are closed, and references and reviews are over.",
    )

    def call(self) -> Call:
        """Return what the call says."""
        return Call(
            title=self.title.data or "",
            note=self.note.data or "",
            opens_at=self.opens_at.data,
            closes_at=self.closes_at.data,
            places=self.places.data,
            offer_days=self.offer_days.data or 10,
            key_days=self.key_days.data or 14,
        )


def new_data(cohort: Cohort) -> dict[str, Any]:
    """Return what a new form holds: the usual criteria, and the cohort's size."""
    asks = Asks()
    return {
        "title": f"{cohort.award.title}, entry {cohort.entry_year}",
        "places": cohort.target_size,
        "offer_days": 10,
        "key_days": 14,
        "references_wanted": asks.references_wanted,
        "criteria": criteria_data(asks.criteria),
    }


def kept_data(admission: Admission) -> dict[str, Any]:
    """Return what the form of an admission holds."""
    criteria = [Criterion(one.title, one.weight, tuple(one.anchors), one.id) for one in admission.criteria]
    return {
        "references_wanted": admission.references_wanted,
        "references_by": admission.references_by,
        "reviews_by": admission.reviews_by,
        "hides_names": admission.hides_names,
        "criteria": criteria_data(criteria),
    }


def criteria_data(criteria: Sequence[Criterion]) -> list[dict[str, Any]]:
    """Return criteria as lines of the form."""
    return [
        {"id": one.id or "", "title": one.title, "weight": one.weight, "anchors": "\n".join(one.anchors)}
        for one in criteria
    ]
