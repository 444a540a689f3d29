"""Forms made of questions: a field for each kind, the same class for the same questions."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput, EmailInput

from programme.core.refusal import Refusal
from programme.core.web.forms import ChecksField, Form
from programme.engines.questionnaire.kinds import KINDS, LONGEST_ADDRESS, LONGEST_LINE, Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wtforms import Field

PREFIX = "q"


class Answered:
    """Reads a field by its question's kind: the kind's refusal is the field's error, the value its `answer`."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.field_flags = {"required": True} if asked.is_required else {}

    def __call__(self, form: Form, field: Field) -> None:
        """Check what was sent."""
        del form
        field.errors = []
        try:
            field.answer = KINDS[self.asked.kind].read(self.asked, [str(text) for text in field.raw_data or []])
        except Refusal as refusal:
            raise StopValidation(refusal.sentence) from None


class OneChoice(RadioField):
    """Radios that show what was chosen, and leave the judging to the question's kind."""

    def pre_validate(self, form: Form) -> None:
        """Judge nothing here."""


class ManyChoices(ChecksField):
    """Boxes that show what was ticked, and leave the judging to the question's kind."""

    def pre_validate(self, form: Form) -> None:
        """Judge nothing here."""


def field_for(asked: Asked) -> Any:
    """Return the unbound field for a question."""
    given: dict[str, Any] = {"label": asked.label, "description": asked.hint, "validators": [Answered(asked)]}
    choices = [SelectChoice(option, option) for option in asked.options]
    makers: dict[str, Callable[[], Any]] = {
        "long_text": lambda: TextAreaField(**given),
        "email": lambda: StringField(**given, widget=EmailInput(), render_kw={"maxlength": LONGEST_ADDRESS}),
        "number": lambda: StringField(**given, render_kw={"inputmode": "decimal", "class": "in--s"}),
        "date": lambda: StringField(**given, widget=DateInput(), render_kw={"class": "in--s"}),
        "yes_no": lambda: OneChoice(**given, choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")]),
        "one_of": lambda: OneChoice(**given, choices=choices),
        "many_of": lambda: ManyChoices(**given, choices=choices),
        "consent": lambda: BooleanField(**given),
    }
    return makers.get(asked.kind, lambda: StringField(**given, render_kw={"maxlength": LONGEST_LINE}))()


class QuestionsForm(Form):
    """The base of a form of questions."""

    def questions(self) -> Iterator[Field]:
        """Go through the fields that are questions."""
        return (field for field in self if field.name.startswith(PREFIX) and field.name[1:].isdecimal())

    def answers(self) -> dict[int, Any]:
        """Return the values by question, after validation."""
        return {int(field.name[1:]): getattr(field, "answer", None) for field in self.questions()}


@lru_cache(maxsize=256)
def form_class(base: type[QuestionsForm], asked: tuple[Asked, ...]) -> type[QuestionsForm]:
    """Return `base` with a field for each question; the same questions give the same class."""
    fields = {f"{PREFIX}{question.id}": field_for(question) for question in asked}
    return type(f"{base.__name__}WithQuestions", (base,), fields)
