"""The form by which an organiser makes a candidature of an accepted application, filled in from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.forms import Form, line
from programme.engines.calendar.forms.choices import Choice, whole_number
from programme.engines.calendar.forms.instants import DayField
from programme.strands.cohorts.admission.admitting.actions import FULL, LEAST, Wanted
from programme.strands.cohorts.admission.applications import answers_to
from programme.strands.cohorts.admission.referees.queries import admission_of
from programme.strands.cohorts.admission.setting_up.actions import universities
from programme.strands.cohorts.admission.setting_up.asking import STUDIES_WORDS
from programme.strands.cohorts.admission.states import Studies
from programme.strands.cohorts.rulebooks.queries import books

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration
    from programme.people.models import Organisation
    from programme.strands.cohorts.models import Admission

HALF = 50
NO_DAY = "Enter the day on which they are registered."


class CandidatureForm(Form):
    """How somebody begins."""

    home = Choice("Home university", coerce=int)
    partner = Choice("Partner university", coerce=int, is_optional=True)
    department = line("Department", hint="At the home university.")
    project = line("Project")
    begins_on = DayField("Registration starts", ask=NO_DAY)
    per_cent = whole_number("Per cent of full time", least=LEAST, most=FULL, hint="100 is full time.")

    def offer(self, known: list[Organisation]) -> None:
        """Offer the universities that run the award."""
        self.home.choices = [SelectChoice(row.id, row.name) for row in known]
        self.partner.choices = [SelectChoice(0, "None yet"), *self.home.choices]

    def wanted(self) -> Wanted:
        """Return what was typed; Refusal where no day was."""
        if self.begins_on.day is None:
            raise Refusal(NO_DAY, field="begins_on")
        return Wanted(
            home_id=self.home.data,
            partner_id=self.partner.data or None,
            department=self.department.data or "",
            project=self.project.data or "",
            begins_on=self.begins_on.day,
            per_cent=FULL if self.per_cent.data is None else self.per_cent.data,
        )


def form_for(admission: Admission, typed: Any = None, data: dict[str, Any] | None = None) -> CandidatureForm:
    """Return the form of a call's applications."""
    form = CandidatureForm(typed, data=data)
    form.offer(universities(admission.cohort))
    return form


def prefilled(session: Session, row: Registration) -> CandidatureForm:
    """Return the form filled in from what the applicant answered, and from the cohort."""
    admission = admission_of(session, row)
    known = universities(admission.cohort)
    wished = answers_to(session, admission, admission.home_question_id, [row]).get(row.id)
    home = next((one for one in known if one.name == wished), known[0] if known else None)
    partner = next((one for one in known if home is not None and one.id != home.id), None)
    project = answers_to(session, admission, admission.project_question_id, [row]).get(row.id, "")
    studies = answers_to(session, admission, admission.studies_question_id, [row]).get(row.id)
    book = books(session, [home.id]).get(home.id) if home else None
    part = book.row.part_time_rate if book else HALF
    data = {
        "home": home.id if home else None,
        "partner": partner.id if partner else 0,
        "project": project,
        "begins_on": admission.cohort.entry_on.isoformat(),
        "per_cent": part if studies == STUDIES_WORDS[Studies.PART_TIME] else FULL,
    }
    return form_for(admission, data=data)
