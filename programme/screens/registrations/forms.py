"""The forms of registering: who, from where, and the opening's own questions."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, cast

from wtforms import FieldList, HiddenField, SelectChoice, ValidationError

from programme.core.web.forms import line, mail_address
from programme.core.web.words import ordinal
from programme.engines.calendar.forms.choices import Checks, Radios
from programme.engines.questionnaire.actions import asked_by
from programme.engines.questionnaire.forms import OneChoice, QuestionsForm, form_class
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.profiles.actions import filled_in
from programme.engines.registration.openings.editing.details import MOST_TOGETHER
from programme.engines.registration.openings.parts import with_parts
from programme.engines.registration.together.companions import names_in
from programme.extensions import database_session
from programme.flows.registering import SignUp
from programme.screens.registrations.choosing.offered import choice_in, offer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import MultiDict
    from wtforms import Field

    from programme.engines.questionnaire.models import AnswerSheet
    from programme.engines.registration.eligibility.models import Invitation
    from programme.engines.registration.models import Opening
    from programme.engines.registration.openings.known import KnownOpening
    from programme.engines.registration.roll.forms import PersonForm
    from programme.people.models import Organisation
    from programme.people.permissions import Actor

ELSEWHERE = "elsewhere"
KEY_BYTES, LONGEST_KEY = 12, 64
FROM_ACCOUNT = "Filled in from your account: change it, or take it out, for this form only."


class RegistrationForm(QuestionsForm):
    """Somebody registers. `form_key` is random for each time the form is shown: a double click is one registration."""

    name = line("Full name", ask="Enter your name.", autocomplete="name")
    email = mail_address()
    organisation = OneChoice("Where do you belong?", description="So that the organisers know who is coming.")
    others = FieldList(line("Full name", autocomplete="off"), "Who comes with you?", max_entries=MOST_TOGETHER - 1)
    form_key = HiddenField()

    def validate_organisation(self, field: Field) -> None:
        """Refuse what is not offered."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Choose one of these.")


class ChoosesOneForm(RegistrationForm):
    """Somebody registers for one of several events."""

    events = Radios("Which will you come to?", coerce=int)


class ChoosesSeveralForm(RegistrationForm):
    """Somebody registers for some of several events."""

    events = Checks("Which will you come to?", coerce=int)


class AnswersForm(QuestionsForm):
    """The answers of a registration, to change."""


def registration_form(
    known_opening: KnownOpening,
    *,
    sent: MultiDict[str, str] | None,
    actor: Actor,
    profile: Mapping[str, Any] | None = None,
) -> RegistrationForm:
    """Return the opening's form: as it was sent, or filled in with what is known of who is signed in.

    `profile` is what they keep in their account for forms, by kind of question.
    """
    universities = known_opening.people.universities
    opening = known_opening.opening
    bases = {None: RegistrationForm, 1: ChoosesOneForm}
    made = form_class(bases.get(opening.chooses, ChoosesSeveralForm), known_opening.asked)
    known = {"name": actor.name, "email": actor.address, "organisation": home_of(actor, universities)}
    kept = filled_in(known_opening.asked, profile or {})
    form = cast("RegistrationForm", made(sent, data={**known, **kept}))
    for name in kept if sent is None else ():
        form[name].description = f"{form[name].description} {FROM_ACCOUNT}".strip()
    form.organisation.choices = offered(universities)
    if opening.chooses is not None:
        offer(form.events, opening, {})
    ask_for_others(form, opening.most_together)
    if sent is None:
        form.form_key.data = form_key()
    return form


def ask_for_others(form: RegistrationForm | PersonForm, most: int) -> None:
    """Give the form a line for each other whom one may bring; none where everybody registers alone."""
    if most == 1:
        del form.others
        return
    while len(form.others) < most - 1:
        form.others.append_entry()
    for number, entry in enumerate(form.others, start=2):
        entry.label.text = f"{ordinal(number)} person".capitalize()


def others_in(form: RegistrationForm | PersonForm) -> tuple[str, ...]:
    """Return the names of those who come along."""
    return names_in(entry.data for entry in form.others) if "others" in form else ()


def form_key() -> str:
    """Return a key for one showing of the form."""
    return secrets.token_urlsafe(KEY_BYTES)


def offered(universities: Sequence[Organisation]) -> list[SelectChoice]:
    """Return where one may belong."""
    return [*(SelectChoice(row.slug, row.name) for row in universities), SelectChoice(ELSEWHERE, "Somewhere else")]


def home_of(actor: Actor, universities: Sequence[Organisation]) -> str:
    """Return the university that somebody signed in belongs to, if one is known."""
    return next((row.slug for row in universities if row.id in actor.member_of), "")


def sign_up_of(
    form: RegistrationForm, universities: Sequence[Organisation], invitation: Invitation | None = None
) -> SignUp:
    """Return what was sent, after validation."""
    ids = {row.slug: row.id for row in universities}
    return SignUp(
        name=form.name.data,
        address=form.email.data,
        organisation_id=ids.get(form.organisation.data or ""),
        answers=form.answers(),
        choice=choice_in(form.events) if "events" in form else frozenset(),
        others=others_in(form),
        form_key=(form.form_key.data or "")[:LONGEST_KEY],
        invitation_id=invitation.id if invitation else None,
    )


def answers_form(opening: Opening, sheet: AnswerSheet | None, *, sent: MultiDict[str, str] | None) -> QuestionsForm:
    """Return the form to change answers, filled in with what was answered."""
    asked = with_parts(database_session(), opening.id, asked_by(opening.questionnaire))
    return form_class(AnswersForm, asked)(sent, data=kept(sheet))


def kept(sheet: AnswerSheet | None) -> Mapping[str, Any]:
    """Return the kept answers by field, as a browser would send them."""
    found = {}
    for answer in sheet.answers if sheet else ():
        typed = KINDS[answer.question.kind].typed(answer.value)
        several = KINDS[answer.question.kind].has_several
        found[f"q{answer.question_id}"] = typed if several else next(iter(typed), "")
    return found
