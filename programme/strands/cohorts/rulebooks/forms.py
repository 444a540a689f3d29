"""Forms of rulebooks and their milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.forms import Form, line, paragraph
from programme.core.web.words import MONTHS
from programme.engines.calendar.forms.choices import Checks, Choice, Radios, id_or_none, whole_number
from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.milestones.reckoning import Falls, Reckoned
from programme.strands.cohorts.milestones.units import Counting, Named
from programme.strands.cohorts.rulebooks.checking import MOST_UNITS, BookDetails, RuleDetails
from programme.strands.cohorts.states import Signer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.strands.cohorts.models import FundingAward, MilestoneRule, Rulebook

COUNTING = [SelectChoice(Counting.TERMS.value, "Terms"), SelectChoice(Counting.MONTHS.value, "Months")]
LATER = "next year"
MOST_WEEKS = 104
SIGNERS = {
    Signer.SUPERVISOR: "Supervisor",
    Signer.PARTNER_SUPERVISOR: "Supervisor at the partner",
    Signer.DEPARTMENT: "Department",
    Signer.COLLEGE: "College",
    Signer.ORGANISER: "Organiser of the cohort",
}
RECKONED = [
    SelectChoice(Reckoned.COUNTED.value, "Once, at the end of a term or month of study", {"opens": True}),
    SelectChoice(Reckoned.YEARLY.value, "Every year, in the same term or month", {"opens": True}),
    SelectChoice(Reckoned.BEFORE.value, "Some weeks before another milestone", {"opens": True}),
]


class BookForm(Form):
    """Everything about a rulebook but its milestones."""

    counting = Radios("Courses are counted in", choices=COUNTING)
    terms = paragraph(
        "Terms of an academic year",
        hint="One on each line, in order: its name and its code, like “Hilary, HT”. Add “, next year”"
        " where it begins after New Year. Empty where months are counted.",
        longest=1_000,
        rows=4,
    )
    part_time_rate = whole_number("Part time, in per cent of full time", least=10, most=FULL - 1)
    least_supervisors = whole_number("Supervisors, at least", least=1, most=10)
    shortest_suspension = whole_number("Shortest suspension", least=1, most=MOST_UNITS, hint="In terms or months.")
    longest_suspension = whole_number(
        "Longest suspension at a time", least=1, most=MOST_UNITS, hint="Empty is no limit."
    )
    suspension_in_all = whole_number("Suspensions in all", least=1, most=MOST_UNITS, hint="Empty is no limit.")
    meetings_counting = Radios("Meetings are counted in", choices=COUNTING)
    meetings_every_full = whole_number("Full time, one meeting in every", least=1, most=24, hint="Terms or months.")
    meetings_every_part = whole_number("Part time, one meeting in every", least=1, most=24, hint="Terms or months.")
    meetings_year_month = Choice(
        "The year of meetings begins with",
        coerce=int,
        choices=[SelectChoice(number, month) for number, month in enumerate(MONTHS, start=1)],
    )
    source = paragraph("Where this is from", hint="So that whoever changes it next knows what to look up.", rows=3)

    def details(self) -> BookDetails:
        """Return what was typed. Refusal where a term cannot be read."""
        usual = BookDetails(counting=Counting(self.counting.data))
        numbers = (
            *("part_time_rate", "least_supervisors", "shortest_suspension"),
            *("meetings_every_full", "meetings_every_part", "meetings_year_month"),
        )
        return BookDetails(
            counting=Counting(self.counting.data),
            terms=terms_in(self.terms.data or ""),
            longest_suspension=self.longest_suspension.data,
            suspension_in_all=self.suspension_in_all.data,
            meetings_counting=Counting(self.meetings_counting.data),
            source=self.source.data or "",
            **{name: self[name].data or getattr(usual, name) for name in numbers},
        )


def terms_in(text: str) -> tuple[Named, ...]:
    """Read lines like "Hilary, HT, next year". Refusal says which cannot be read."""
    return tuple(term_in(one) for one in text.splitlines() if one.strip())


def term_in(text: str) -> Named:
    """Read one term."""
    words = [" ".join(word.split()) for word in text.split(",")]
    is_later = words[-1].casefold() == LATER
    name, code, *rest = [*words[: -1 if is_later else None], "", ""]
    if not name or not code or any(rest) or len(name) > 40 or len(code) > 10:  # noqa: PLR2004  as the columns are
        sentence = f"“{text.strip()[:60]}” cannot be read: write a name and a short code, like “Hilary, HT, next year”."
        raise Refusal(sentence, field="terms")
    return Named(name, code, 1 if is_later else 0)


def book_data(book: Rulebook) -> dict[str, Any]:
    """Return what the form is filled with from a rulebook."""
    names = [
        name for name in BookDetails.__dataclass_fields__ if name not in {"terms", "counting", "meetings_counting"}
    ]
    lines = [", ".join([row.name, row.code, *([LATER] if row.years_later else [])]) for row in book.terms]
    return {
        **{name: getattr(book, name) for name in names},
        "counting": book.counting.value,
        "meetings_counting": book.meetings_counting.value,
        "terms": "\n".join(lines),
    }


class RuleForm(Form):
    """One milestone."""

    def __init__(self, typed: Any = None, **rest: Any) -> None:
        super().__init__(typed, **rest)
        for field in (self.units, self.place, self.base, self.weeks):
            field.flags.required, field.flags.optional = True, False

    award = Choice(
        "For",
        coerce=id_or_none,
        is_optional=True,
        description="A milestone of an award stands instead of the one with the same code.",
    )
    code = line(
        "Code", hint="One word in small letters. It stays as it is.", ask="Enter a code, like “transfer”.", longest=40
    )
    title = line("Title", ask="Enter a title.")
    form = line("Form", hint="Like GSO.2.", longest=60)
    advice = paragraph("Advice", hint="Stands in the record, and in reminders.", longest=1_000, rows=3)
    reckoned = Radios("When it is due", choices=RECKONED, default=Reckoned.COUNTED.value)
    units = whole_number(
        "At the end of which term or month of study", least=1, most=MOST_UNITS, hint="12 is the twelfth that counts."
    )
    falls = Radios(
        "On which day",
        choices=[
            SelectChoice(Falls.LAST_DAY.value, "The last day"),
            SelectChoice(Falls.NOUGHTH_FRIDAY.value, "The Friday of noughth week of the next term"),
        ],
        default=Falls.LAST_DAY.value,
    )
    is_last = BooleanField("The course ends with it")
    place = Choice("In which one of the year", coerce=int, is_optional=True, default=0)
    first_after = whole_number("First when so many have counted", least=0, most=MOST_UNITS)
    base = Choice("Before", is_optional=True, default="")
    weeks = whole_number("Weeks before", least=1, most=MOST_WEEKS)
    needs_evidence = BooleanField("Something has to be handed in with it")
    signers = Checks("Who signs", choices=[SelectChoice(one.value, word) for one, word in SIGNERS.items()])
    longest_extension_full = whole_number(
        "Extension at most, full time", least=0, most=MOST_UNITS, hint="In terms or months; empty is no limit."
    )
    longest_extension_part = whole_number("Extension at most, part time", least=0, most=MOST_UNITS)
    is_key = BooleanField("It has a column in the grid of a cohort", default=True)
    position = whole_number("Place in the order", least=0, most=1_000)

    def offer(
        self, units: Iterable[tuple[int, str]], bases: Iterable[MilestoneRule], awards: Iterable[FundingAward]
    ) -> None:
        """Fill in what can be chosen."""
        self.place.choices = [SelectChoice(number, word) for number, word in units]
        self.base.choices = [
            SelectChoice("", "Choose one"),
            *[SelectChoice(code, word) for code, word in {rule.code: rule.title for rule in bases}.items()],
        ]
        if self.award is not None:
            self.award.choices = [
                SelectChoice("", "All researchers"),
                *[SelectChoice(row.id, row.title) for row in awards],
            ]

    def details(self, rule: MilestoneRule | None = None) -> RuleDetails:
        """Return what was typed; code and award are those of the milestone, where there is one."""
        reckoned = Reckoned(self.reckoned.data)
        is_counted, is_yearly = reckoned is Reckoned.COUNTED, reckoned is Reckoned.YEARLY
        signers = set(self.signers.data or ())
        return RuleDetails(
            code=rule.code if rule else self.code.data,
            award_id=rule.award_id if rule else self.award.data,
            title=self.title.data,
            form=self.form.data or "",
            advice=self.advice.data or "",
            reckoned=reckoned,
            units=(self.units.data or 0) if is_counted else (self.first_after.data or 0) if is_yearly else 1,
            place=self.place.data if is_yearly and isinstance(self.place.data, int) else 0,
            base="" if is_counted or is_yearly else self.base.data or "",
            weeks=0 if is_counted or is_yearly else self.weeks.data or 0,
            falls=Falls(self.falls.data) if is_counted else Falls.LAST_DAY,
            is_last=bool(self.is_last.data) and is_counted,
            needs_evidence=bool(self.needs_evidence.data),
            signers=tuple(one.value for one in SIGNERS if one.value in signers),
            longest_extension_full=self.longest_extension_full.data,
            longest_extension_part=self.longest_extension_part.data,
            is_key=bool(self.is_key.data),
            position=self.position.data or 0,
        )


def rule_data(rule: MilestoneRule) -> dict[str, Any]:
    """Return what the form is filled with from a milestone."""
    names = (
        *("title", "form", "advice", "place", "base", "weeks", "is_last", "is_key", "needs_evidence", "position"),
        *("longest_extension_full", "longest_extension_part", "signers", "units"),
    )
    facts = {name: getattr(rule, name) for name in names}
    is_yearly = rule.reckoned is Reckoned.YEARLY
    return {
        **facts,
        "reckoned": rule.reckoned.value,
        "falls": rule.falls.value,
        "first_after": rule.units if is_yearly else 0,
        "units": None if is_yearly else rule.units,
        "weeks": rule.weeks or None,
    }
