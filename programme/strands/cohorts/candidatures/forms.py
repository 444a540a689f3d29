"""Forms of candidatures: a researcher's facts, where they stand, at which rate they study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.forms import Form, line, mail_address, paragraph
from programme.engines.calendar.forms.choices import Choice, Radios, id_or_none, whole_number
from programme.engines.calendar.forms.instants import DayField
from programme.strands.cohorts.awards.words import STATE_WORDS
from programme.strands.cohorts.candidatures.details import Details, details_of
from programme.strands.cohorts.candidatures.rule import LEAST_RATE
from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.states import CANDIDATURE_MOVES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.people.models import Organisation
    from programme.strands.cohorts.models import Candidature
    from programme.strands.cohorts.rulebooks.queries import Book

FULL_TIME, PART_TIME = "full", "part"
MODES = [
    SelectChoice(FULL_TIME, "Full time"),
    SelectChoice(PART_TIME, "Part time", {"hint": "Everything that is counted is due later.", "opens": True}),
]
LONGEST_REASON = 2_000


class ModeFields(Form):
    """Full time, or part time at a rate."""

    mode = Radios("Mode of study", choices=MODES, default=FULL_TIME)
    per_cent = whole_number(
        "Per cent of full time", least=LEAST_RATE, most=FULL, hint="Empty is what the university’s rulebook says."
    )

    def rate(self, *, part_time: int) -> int:
        """Return the rate that was chosen; `part_time` is the usual one."""
        if self.mode.data == FULL_TIME:
            return FULL
        return self.per_cent.data or part_time


class RecordForm(ModeFields):
    """Everything about a candidature but whose it is."""

    home = Choice("Home university", coerce=id_or_none, description="Where they are registered, whose rules count.")
    partner = Choice("Partner university", coerce=id_or_none, is_optional=True)
    department = line("Department")
    college = line("College", hint="At universities that have them.")
    project = line("Project", hint="Its working title.")
    registered_on = DayField("Registration starts", ask="Enter the day on which the registration starts.")
    entry = line(
        "Term of entry",
        hint="Empty: it follows from the registration. Otherwise like “Michaelmas 2026”, “MT26”, or “October 2026”"
        " where months are counted.",
        longest=40,
    )
    funded_until = DayField("Funded until")
    submission_deadline = DayField(
        "Submission deadline", description="What the funder or the university set; the rulebook reckons its own."
    )
    has_sponsored_visa = BooleanField("A university sponsors their visa")

    def offer(self, universities: Iterable[Organisation]) -> None:
        """Fill in what can be chosen."""
        known = [SelectChoice(row.id, row.name) for row in universities]
        self.home.choices = known
        self.partner.choices = [SelectChoice("", "None yet"), *known]

    def details(self, *, part_time: int) -> Details:
        """Return what was typed."""
        begins = self.registered_on.day
        if begins is None:
            raise Refusal(self.registered_on.ask, field="registered_on")
        return Details(
            home_id=self.home.data,
            partner_id=self.partner.data,
            department=self.department.data or "",
            college=self.college.data or "",
            project=self.project.data or "",
            registered_on=begins,
            rate=self.rate(part_time=part_time),
            entry=self.entry.data or "",
            funded_until=self.funded_until.day,
            submission_deadline=self.submission_deadline.day,
            has_sponsored_visa=self.has_sponsored_visa.data,
        )


class ResearcherForm(RecordForm):
    """A new researcher of a cohort."""

    name = line("Name", ask="Enter their name.", autocomplete="off")
    address = mail_address(
        "E-mail", hint="They sign in with it, and letters go there.", ask="Enter their e-mail address."
    )


def record_data(candidature: Candidature, book: Book) -> dict[str, Any]:
    """Return what the form is filled with from a candidature; the entry only where it does not follow by itself."""
    details = details_of(candidature, book)
    names = ("department", "college", "project", "has_sponsored_visa", "entry")
    days = {name: getattr(details, name) for name in ("registered_on", "funded_until", "submission_deadline")}
    return {
        **{name: getattr(details, name) for name in names},
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "home": details.home_id,
        "partner": details.partner_id,
        **mode_data(details.rate),
    }


def mode_data(rate: int) -> dict[str, Any]:
    """Return how a form shows a rate."""
    return {"mode": FULL_TIME if rate == FULL else PART_TIME, "per_cent": None if rate == FULL else rate}


class StatusForm(Form):
    """Where somebody stands from a day on."""

    state = Radios("Status")
    on = DayField("Since", ask="Enter the day since when.")
    reason = paragraph(
        "Reason",
        hint="Needed for leave, a withdrawal, and for coming back from one or from a completion.",
        longest=LONGEST_REASON,
        rows=3,
    )

    def offer(self, candidature: Candidature) -> None:
        """Fill in what may follow."""
        wanted = CANDIDATURE_MOVES[candidature.state]
        self.state.choices = [SelectChoice(one.value, word) for one, word in STATE_WORDS.items() if one in wanted]


class ModeForm(ModeFields):
    """Another rate from a unit on."""

    from_unit = line("From which term", ask="Enter the term from which it counts.", longest=40)
    reason = paragraph("Reason", longest=LONGEST_REASON, rows=3)
