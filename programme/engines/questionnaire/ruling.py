"""Forms of a question's rules: after which answers it is asked, which of its own end the form, places of options."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from wtforms import HiddenField, SelectChoice, StringField, ValidationError
from wtforms.validators import Optional

from programme.core.web.forms import Form, paragraph, strip
from programme.engines.questionnaire.actions import asked_of, condition_of
from programme.engines.questionnaire.forms import ManyChoices
from programme.engines.questionnaire.kinds import KINDS, whole

if TYPE_CHECKING:
    from wtforms import Field

    from programme.engines.questionnaire.models import Question

PLACES = "places"


class ConditionForm(Form):
    """The answers to an earlier question after which another is asked."""

    source = HiddenField()
    answers = ManyChoices("Answers", description="Any one of those you tick is enough.")


class EndingForm(Form):
    """The answers that end a form, and what people then read."""

    answers = ManyChoices("Answers that end the form", description="With any of these nobody can register.")
    words = paragraph(
        "What people read then",
        hint="Thank them, say why, and what they can do instead.",
        longest=1_000,
        rows=4,
    )


class PlacesForm(Form):
    """How many may choose each option; its fields are made for the options."""

    def places(self) -> list[Field]:
        """Return the fields of the options, in their order."""
        return [field for field in self if field.name.startswith(PLACES)]

    def values(self) -> dict[str, int]:
        """Return how many places options have, of those that have a limit."""
        return {field.label.text: whole(field.data) for field in self.places() if field.data}


def condition_form(question: Question, source: Question, typed: Any = None) -> ConditionForm:
    """Return the form with the answers of one earlier question, filled in with what is ticked now."""
    kept = condition_of(question)
    ticked = kept.answers if kept is not None and kept.question == source.id else ()
    form = ConditionForm(typed, data={"answers": list(ticked), "source": str(source.id)})
    form.answers.choices = offered(source)
    form.answers.label.text = f"Answers to “{source.label}”"
    form.answers.flags.required = True
    return form


def ending_form(question: Question, typed: Any = None) -> EndingForm:
    """Return the form with the question's own answers, filled in with those that end the form now."""
    kept = question.settings
    form = EndingForm(typed, data={"answers": list(kept.get("ends", ())), "words": kept.get("end_words", "")})
    form.answers.choices = offered(question)
    return form


def offered(question: Question) -> list[SelectChoice]:
    """Return what can be answered to a question."""
    asked = asked_of(question)
    return [SelectChoice(sent, said) for sent, said in KINDS[asked.kind].choices(asked)]


def places_form(question: Question, typed: Any = None) -> PlacesForm:
    """Return a form with a field for each option, filled in with the places that it has now."""
    options, kept = question.settings.get("options", ()), question.settings.get("places", {})
    fields = {named(option): places_field(option) for option in options}
    data = {named(option): str(kept.get(option, "")) for option in options}
    made: type[PlacesForm] = type("PlacesFormOfOptions", (PlacesForm,), fields)
    return made(typed, data=data)


def named(option: str) -> str:
    """Return the name of an option's field: by what it says, as options may have been added or taken away meanwhile."""
    return PLACES + hashlib.sha256(option.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def places_field(option: str) -> StringField:
    """Return the field for the places of one option."""
    return StringField(
        option,
        filters=[strip],
        validators=[Optional(), check_places],
        render_kw={"inputmode": "numeric", "class": "in--xs", "maxlength": 5},
    )


def check_places(form: Form, field: Field) -> None:
    """Refuse what is no number of places."""
    del form
    if not whole(field.data):
        raise ValidationError(f"Give a whole number above 0 for “{field.label.text}”, or leave it empty.")
