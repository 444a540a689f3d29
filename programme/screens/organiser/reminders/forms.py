"""Forms of reminders: when, to whom, in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from wtforms import SelectChoice
from wtforms.validators import InputRequired

from programme.core.refusal import Refusal
from programme.core.web.forms import Form, line, paragraph
from programme.engines.calendar.forms.choices import Choice, Radios, WholeNumber
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.registration.models import Registration, RegistrationTag
from programme.engines.reminders.actions import Wish
from programme.engines.reminders.due import MOST_HOURS
from programme.engines.reminders.models import Anchor, Audience, OffsetUnit
from programme.engines.reminders.ports import Side
from programme.people.groups.models import Group
from programme.people.groups.queries import groups_of
from programme.people.guards import actor
from programme.people.roles import STRAND_WORDS
from programme.people.states import Strand
from programme.screens.organiser.reminders.told_to import seen_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from programme.engines.reminders.models import ReminderRule, UsualRule
    from programme.engines.reminders.ports import ReminderSubject
    from programme.screens.organiser.reminders.things import Shown

LONGEST_WORDS = 5_000
KEPT = "The group that is chosen now"
NOT_WHOLE = "Enter how many days or hours, in digits."
UNITS = [SelectChoice("days", "days"), SelectChoice("hours", "hours")]


NEW = {"amount": 1, "unit": "days", "audience": "confirmed"}
THINGS = [
    SelectChoice("event", "Events"),
    SelectChoice("opening", "Registrations"),
    SelectChoice("offer", "Offers of a place"),
    SelectChoice("feedback", "Asking how it was"),
    SelectChoice("cohort", "Milestones of cohorts"),
]
STRANDS = [SelectChoice("", "Every strand"), *(SelectChoice(one.value, STRAND_WORDS[one]) for one in Strand)]


class WhenForm(Form):
    """When a reminder goes, and to whom."""

    amount = WholeNumber("How many", validators=[InputRequired(NOT_WHOLE)], render_kw={"class": "in--xs"})
    unit = Choice("Days or hours", choices=UNITS)
    side = Choice("Before or after")
    audience = Radios("To whom")

    def wish(self) -> Wish:
        """Return when and to whom; raises Refusal where that makes no sense."""
        side, _, anchor = str(self.side.data).partition(":")
        amount = int(self.amount.data or 0)
        if amount < 0 or amount > MOST_HOURS:
            raise Refusal(f"Enter a number from 0 to {MOST_HOURS:,}.", field="amount")
        if side == Side.BEFORE and amount == 0:
            raise Refusal("Enter 1 or more: nothing goes out before by no time at all.", field="amount")
        return Wish(
            anchor=Anchor(anchor),
            unit=OffsetUnit(str(self.unit.data)),
            offset=-amount if side == Side.BEFORE else amount,
            audience=Audience(str(self.audience.data)),
        )


class RuleForm(WhenForm):
    """A reminder of one thing, with what narrows its audience and its own words."""

    question = Choice("Which answer", is_optional=True)
    tag = Choice("Which tag", is_optional=True)
    group = Choice("Which group", is_optional=True)
    subject_line = line("Subject", hint="Empty: as usual.")
    words = paragraph(
        "What it says",
        hint="Empty: as usual. Leave a line free between paragraphs; a line that starts with “- ” is one of a list. "
        "The date, the place and the links stand below it by themselves.",
        longest=LONGEST_WORDS,
        rows=7,
    )


class UsualForm(WhenForm):
    """A reminder that is usual."""

    kind = Choice("For", choices=THINGS)
    strand = Choice("Strand", choices=STRANDS)


class SilenceForm(Form):
    """Where nothing is to be usual."""

    kind = Choice("Things", choices=THINGS)
    strand = Choice("Of which strand", choices=STRANDS)


def rule_form(session: Session, shown: Shown, typed: Any = None, *, rule: ReminderRule | None = None) -> RuleForm:
    """Return the form of a thing's reminder, filled in from `rule` where there is one."""
    subject, openings = shown.thing.subject, seen_here(shown.openings)
    only = {"audience": next(iter(subject.audiences)).value} if len(subject.audiences) == 1 else {}
    form = RuleForm(typed, data=data_of(rule) if rule and typed is None else {**NEW, **only})
    form.side.choices = sides_of([subject])
    form.question.choices = [SelectChoice("", "–"), *answers(openings)]
    form.tag.choices = [SelectChoice("", "–"), *tags(session, openings)]
    form.group.choices = [SelectChoice("", "–"), *groups(session, shown, rule)]
    known = {"question": form.question, "tag": form.tag, "group": form.group}
    form.audience.choices = [
        SelectChoice(audience.value, sentence(reach.words), render_kw={"opens": bool(reach.parameter)})
        for audience, reach in subject.audiences.items()
        if not reach.parameter or len(known[reach.parameter].choices) > 1
    ]
    return form


def sides_of(subjects: Sequence[ReminderSubject]) -> list[SelectChoice]:
    """Return before and after each instant that things have, where somebody is written to on that side."""
    return [
        SelectChoice(f"{side.value}:{anchor.value}", f"{side.value} {words}")
        for subject in subjects
        for anchor, words in subject.anchors.items()
        for side in Side
        if any(side in reach.letters for reach in subject.audiences.values())
    ]


def sentence(words: str) -> str:
    """Return words as the label of a choice."""
    return words[:1].upper() + words[1:]


def answers(openings: Sequence[Opening]) -> list[SelectChoice]:
    """Return every answer that can be chosen among, of questions that are not sensitive."""
    return [
        SelectChoice(f"{question.id}|{option}", f"{question.label}: {option}")
        for opening in openings
        for question in (opening.questionnaire.questions if opening.questionnaire else [])
        if KINDS[question.kind].has_options and not question.is_sensitive
        for option in question.settings.get("options", [])
    ]


def tags(session: Session, openings: Sequence[Opening]) -> list[SelectChoice]:
    """Return the tags that there are on the rolls of some openings."""
    statement = (
        select(RegistrationTag.tag)
        .join(Registration, Registration.id == RegistrationTag.registration_id)
        .where(Registration.opening_id.in_([opening.id for opening in openings]))
        .distinct()
        .order_by(RegistrationTag.tag)
    )
    return [SelectChoice(tag, tag) for tag in session.scalars(statement)]


def groups(session: Session, shown: Shown, rule: ReminderRule | None) -> list[SelectChoice]:
    """Return the groups of those that run a thing, as far as one looks after them; one that another chose stays."""
    owners = [shown.scope.lead, *shown.scope.co_owners]
    rows = session.scalars(groups_of(actor()).where(Group.organisation_id.in_(owners))).all()
    chosen = (rule.parameters or {}).get("group") if rule else None
    other = [SelectChoice(str(chosen), KEPT)] if chosen and chosen not in {row.id for row in rows} else []
    return [*other, *(SelectChoice(str(row.id), row.title) for row in rows)]


def data_of(rule: ReminderRule | UsualRule) -> dict[str, Any]:
    """Return what a rule's form shows."""
    given = getattr(rule, "parameters", None) or {}
    side = Side.BEFORE if rule.offset < 0 else Side.AFTER
    return {
        "amount": abs(rule.offset),
        "unit": rule.unit.value,
        "side": f"{side.value}:{rule.anchor.value}",
        "audience": rule.audience.value,
        "question": f"{given['question']}|{given['choice']}" if "question" in given else "",
        "tag": given.get("tag", ""),
        "group": str(given.get("group", "")),
        "subject_line": getattr(rule, "subject_line", ""),
        "words": getattr(rule, "words", ""),
    }


def wish_of(form: RuleForm, subject: ReminderSubject) -> Wish:
    """Return what was wished for; raises Refusal."""
    wish = form.wish()
    reach = subject.audiences.get(wish.audience)
    narrowed = parameters_of(form, reach.parameter) if reach and reach.parameter else None
    return Wish(
        anchor=wish.anchor,
        unit=wish.unit,
        offset=wish.offset,
        audience=wish.audience,
        parameters=narrowed,
        subject_line=form.subject_line.data or "",
        words=form.words.data or "",
    )


def parameters_of(form: RuleForm, parameter: str) -> dict[str, Any]:
    """Return what narrows the audience."""
    chosen = {"question": form.question, "tag": form.tag, "group": form.group}[parameter]
    if not chosen.data:
        raise Refusal(f"{chosen.label.text}? Choose one from the list.", field=parameter)
    text = next(str(choice.label) for choice in chosen.choices if choice.value == chosen.data)
    if parameter == "question":
        number, _, option = str(chosen.data).partition("|")
        return {"question": int(number), "choice": option, "label": text.removesuffix(f": {option}")}
    return {"tag": chosen.data} if parameter == "tag" else {"group": int(chosen.data)}
