"""Forms made of questions: a field for each kind, the same class for the same questions."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from wtforms import BooleanField, FieldList, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput, EmailInput, TelInput, TimeInput, URLInput

from programme.core.refusal import Refusal
from programme.core.web.forms import ChecksField, Form
from programme.engines.questionnaire.fields.files import OneFile, file_field
from programme.engines.questionnaire.kinds import KINDS, LONGEST_ADDRESS, LONGEST_LINE, SECTION, Asked
from programme.engines.questionnaire.kinds.choices import YES
from programme.engines.questionnaire.kinds.countries import COUNTRIES
from programme.engines.questionnaire.showing import Gates, Shown, gates, said, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from wtforms import Field

    from programme.engines.questionnaire.kinds import Condition

PREFIX = "q"
WHOLLY_TAKEN = "full"


class Answered:
    """Reads a field by its question's kind: the kind's refusal is the field's error, the value its `answer`.

    What is not asked, as earlier answers are, is neither judged nor kept.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.field_flags = {"required": True} if asked.is_required else {}

    def __call__(self, form: QuestionsForm, field: Field) -> None:
        """Check what was sent."""
        field.errors = []
        if self.asked.id not in form.shown.ids:
            raise StopValidation
        if getattr(field, "trouble", ""):
            raise StopValidation(field.trouble)
        try:
            field.answer = KINDS[self.asked.kind].read(self.asked, texts_of(field))
        except Refusal as refusal:
            raise StopValidation(refusal.sentence) from None


def texts_of(field: Field) -> list[str]:
    """Return what a browser sent for a field."""
    return [str(text) for text in field.raw_data or []]


class OneChoice(RadioField):
    """Radios that show what was chosen, and leave the judging to the question's kind."""

    def pre_validate(self, form: Form) -> None:
        """Judge nothing here."""


class OneOfALot(SelectField):
    """A list that opens, of more than can stand on a page."""

    def pre_validate(self, form: Form) -> None:
        """Judge nothing here."""


class ManyChoices(ChecksField):
    """Boxes that show what was ticked, and leave the judging to the question's kind."""

    def pre_validate(self, form: Form) -> None:
        """Judge nothing here."""


class ChoicesAndMore(ManyChoices):
    """Boxes, and a line of the same name for what no box says."""

    @property
    def more(self) -> str:
        """What was written beside the boxes."""
        boxes = {choice.value for choice in self.choices}
        return "; ".join(text for text in self.data or () if text.strip() and text not in boxes)


def field_for(asked: Asked, conditions: Gates) -> Any:
    """Return the unbound field for a question."""
    given: dict[str, Any] = {"label": asked.label, "description": asked.hint, "validators": [Answered(asked)]}
    choices = choices_of(asked, conditions)
    makers: dict[str, Callable[[], Any]] = {
        "long_text": lambda: TextAreaField(**given),
        "email": lambda: StringField(**given, widget=EmailInput(), render_kw={"maxlength": LONGEST_ADDRESS}),
        "phone": lambda: StringField(**given, widget=TelInput(), render_kw={"autocomplete": "tel"}),
        "web": lambda: StringField(**given, widget=URLInput(), render_kw={"maxlength": LONGEST_LINE}),
        "organisation": lambda: StringField(
            **given, render_kw={"list": "organisations", "maxlength": LONGEST_LINE, "autocomplete": "organization"}
        ),
        "number": lambda: StringField(**given, render_kw={"inputmode": "decimal", "class": "in--s"}),
        "date": lambda: StringField(**given, widget=DateInput(), render_kw={"class": "in--s"}),
        "time": lambda: StringField(**given, widget=TimeInput(), render_kw={"class": "in--xs"}),
        "country": lambda: OneOfALot(
            **given, choices=[SelectChoice(*one) for one in (("", "Choose a country"), *COUNTRIES.items())]
        ),
        "yes_no": lambda: OneChoice(**given, choices=choices),
        "one_of": lambda: OneChoice(**given, choices=choices),
        "many_of": lambda: ManyChoices(**given, choices=choices),
        "parts": lambda: ManyChoices(**given, choices=choices),
        "dietary": lambda: ChoicesAndMore(**given, choices=choices),
        "access": lambda: ChoicesAndMore(**given, choices=choices),
        "file": lambda: file_field(asked, given),
        "consent": lambda: BooleanField(**given, render_kw=gate(conditions.opened_by(asked.id, YES), "data-gate")),
    }
    return makers.get(asked.kind, lambda: StringField(**given, render_kw={"maxlength": LONGEST_LINE}))()


def choices_of(asked: Asked, conditions: Gates) -> list[SelectChoice]:
    """Return the choices of a question, each with the numbers of the conditions that it meets."""
    return [
        SelectChoice(sent, said, gate(conditions.opened_by(asked.id, sent), "gate"))
        for sent, said in KINDS[asked.kind].choices(asked)
    ]


def gate(numbers: tuple[int, ...], name: str) -> dict[str, str]:
    """Return numbers as an attribute, or nothing."""
    return {name: " ".join(map(str, numbers))} if numbers else {}


class QuestionsForm(Form):
    """The base of a form of questions."""

    asked: ClassVar[tuple[Asked, ...]] = ()
    gates: ClassVar[Gates] = Gates()
    ended: Asked | None = None
    """The question whose answer ended the form; known once it was judged."""

    def questions(self) -> Iterator[Field]:
        """Go through the fields that are questions."""
        return (field for field in self if field.name.startswith(PREFIX) and field.name[1:].isdecimal())

    def files(self) -> list[OneFile]:
        """Return the fields that take a file."""
        return [field for field in self.questions() if isinstance(field, OneFile)]

    @property
    def has_files(self) -> bool:
        """Whether the form has to be sent in parts, as forms with files are."""
        return any(KINDS[one.kind].takes_files for one in self.asked)

    @property
    def ended_when(self) -> str:
        """The endings that are asked under a condition, as an attribute of what is no use after any of them."""
        return together(self.gates.ends_when)

    def answers(self) -> dict[int, Any]:
        """Return the values by question, after validation."""
        return {int(field.name[1:]): getattr(field, "answer", None) for field in self.questions()}

    def parts(self) -> list[Part]:
        """Return the form in its parts, as a page shows it."""
        return laid_out(self.asked, self.gates, {int(field.name[1:]): field for field in self.questions()})

    @cached_property
    def shown(self) -> Shown:
        """What is asked, as the answers that were sent are."""
        kinds = {asked.id: KINDS[asked.kind] for asked in self.asked}
        sent = {int(field.name[1:]): texts_of(field) for field in self.questions()}
        return shown(self.asked, {one: kinds[one].chosen(texts) for one, texts in sent.items()})

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge what is asked. Where an answer ends the form, nothing else is to be put right."""
        valid = super().validate(extra_validators=extra_validators)
        self.ended = self.shown.ended_by
        if self.ended is None:
            return valid
        self.form_errors.clear()
        for field in self:
            field.errors = []
        return False

    def refuse(self, refusal: Refusal) -> None:
        """Show a no about several lines at the first of them; the rest at its field."""
        lines = self._fields.get(refusal.field or "")
        if isinstance(lines, FieldList) and len(lines):
            lines[0].errors = [*lines[0].errors, refusal.sentence]
        else:
            super().refuse(refusal)

    def mark_full(self, full: Mapping[int, frozenset[str]]) -> None:
        """Say of options that every place is taken; of what is chosen, the answer of the verb will."""
        for field in self.questions():
            taken = full.get(int(field.name[1:]), frozenset())
            if taken:
                field.choices = [
                    SelectChoice(one.value, one.label, {**(one.render_kw or {}), WHOLLY_TAKEN: one.value in taken})
                    for one in field.choices
                ]


@lru_cache(maxsize=256)
def form_class(base: type[QuestionsForm], asked: tuple[Asked, ...]) -> type[QuestionsForm]:
    """Return `base` with a field for each question; the same questions give the same class."""
    conditions = gates(asked)
    fields = {f"{PREFIX}{one.id}": field_for(one, conditions) for one in asked if KINDS[one.kind].asks}
    return type(f"{base.__name__}WithQuestions", (base,), {**fields, "asked": asked, "gates": conditions})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question with its field, or a note without one.

    `only_if` says when it is asked, for browsers that cannot hide it; `needs`, `unless` and `unless_when` are numbers
    of conditions.
    `ends_if` says which answer ends the form, with `end_words`, and `ends` is the number of that condition.
    """

    asked: Asked
    field: Any = None
    only_if: str = ""
    needs: str = ""
    unless: str = ""
    unless_when: str = ""
    ends_if: str = ""
    ends: str = ""


@dataclass(slots=True)
class Part:
    """A section, or what stands before the first: then there is no `section`."""

    section: Item | None = None
    items: list[Item] = dataclass_field(default_factory=list)


def laid_out(questions: Sequence[Asked], conditions: Gates, fields: Mapping[int, Any]) -> list[Part]:
    """Return the parts of a form, without empty ones before the first section."""
    parts = [Part()]
    for asked in questions:
        item = item_of(asked, questions, conditions, fields.get(asked.id))
        if asked.kind == SECTION:
            parts.append(Part(item))
        else:
            parts[-1].items.append(item)
    return [part for part in parts if part.section or part.items]


def item_of(asked: Asked, questions: Sequence[Asked], conditions: Gates, bound: Any) -> Item:
    """Return one question as a page shows it."""
    ending = ending_of(asked, conditions)
    return Item(
        asked=asked,
        field=bound,
        only_if=said(asked.condition, questions) if asked.condition else "",
        needs=words(conditions.needs.get(asked.id, ())),
        unless=words(conditions.unless.get(asked.id, ())),
        unless_when=together(conditions.unless_when.get(asked.id, ())),
        ends_if=answers_in_words(asked) if ending else "",
        ends=str(conditions.numbers[ending]) if ending else "",
    )


def ending_of(asked: Asked, conditions: Gates) -> Condition | None:
    """Return the condition under which a question's answer ends the form."""
    found = (one for one in conditions.numbers if one.question == asked.id and one.answers == asked.ends)
    return next(found, None) if asked.ends else None


def answers_in_words(asked: Asked) -> str:
    """Say which answers end the form."""
    titles = dict(KINDS[asked.kind].choices(asked))
    return " or ".join(f"“{titles.get(answer, answer)}”" for answer in asked.ends)


def together(groups: Sequence[Sequence[int]]) -> str:
    """Return groups of numbers that must hold together as an attribute holds them."""
    return " ".join(",".join(map(str, group)) for group in groups)


def words(numbers: Sequence[int]) -> str:
    """Return numbers as an attribute holds them."""
    return " ".join(map(str, numbers))
