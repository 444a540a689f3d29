"""Building a form of questions: the form for one question, and questions that are ready to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, RadioField, SelectChoice
from wtforms.validators import StopValidation

from programme.core.web.forms import Form, line, needed, paragraph
from programme.engines.questionnaire.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.questionnaire.models import Question

NO_KIND = "Choose what kind of question this is."
LONGEST_LABEL = 500
LONGEST_BOUND = 20
KIND_HINTS = {
    "short_text": "One line: a department, a dietary need.",
    "long_text": "Several lines: why somebody wants to come.",
    "email": "A second address, such as a supervisor’s.",
    "number": "Within bounds, if you like.",
    "date": "A day, such as a date of arrival.",
    "yes_no": "Neither is chosen beforehand.",
    "one_of": "Exactly one of your options.",
    "many_of": "Any number of your options.",
    "consent": "A box to tick; people who must tick it cannot register without.",
}
WITH_OPTIONS = [name for name, kind in KINDS.items() if kind.has_options]
WITH_BOUNDS = [name for name, kind in KINDS.items() if kind.has_bounds]

READY_MADE: Mapping[str, Mapping[str, Any]] = {
    "affiliation": {
        "kind": "one_of",
        "label": "Where do you work or study?",
        "is_required": True,
        "settings": {
            "options": [
                "University of Liverpool",
                "University of Oxford",
                "Another university",
                "Industry",
                "Elsewhere",
            ]
        },
    },
    "department": {"kind": "short_text", "label": "Department or group"},
    "dietary": {
        "kind": "many_of",
        "label": "What do you eat?",
        "hint": "For the caterers, who get numbers without names. Deleted a month after the event.",
        "is_sensitive": True,
        "settings": {"options": ["Anything", "Vegetarian", "Vegan", "Halal", "Kosher", "No gluten", "No nuts"]},
    },
    "dietary_other": {
        "kind": "short_text",
        "label": "Anything else about food, such as an allergy",
        "hint": "Only the organisers and, without your name, the caterers see this.",
        "is_sensitive": True,
    },
    "access": {
        "kind": "long_text",
        "label": "What do you need to take part?",
        "hint": "Such as step-free access, a hearing loop or a seat near the door. Only the organisers see this, and "
        "we delete it a month after the event.",
        "is_sensitive": True,
    },
    "stage": {
        "kind": "one_of",
        "label": "Which describes you best?",
        "settings": {
            "options": ["Doctoral researcher", "Student", "Postdoctoral researcher", "Staff", "Founder", "Other"]
        },
    },
    "heard": {"kind": "short_text", "label": "How did you hear of this?"},
    "photographs": {
        "kind": "consent",
        "label": "I agree to be in photographs of the event",
        "hint": "You can say no and still come.",
    },
}
READY_MADE_TITLES = {
    "affiliation": "Affiliation",
    "department": "Department",
    "dietary": "Dietary needs",
    "dietary_other": "Other food needs",
    "access": "Access needs",
    "stage": "Career stage",
    "heard": "How did you hear of this",
    "photographs": "Photographs",
}


class Kinds(RadioField):
    """The kinds of question; what is chosen is judged by their names."""

    def pre_validate(self, form: Form) -> None:
        """Refuse what is no kind, in a sentence."""
        del form
        if self.data not in KINDS:
            raise StopValidation(NO_KIND)


class QuestionForm(Form):
    """One question. What its kind does not need is hidden where the browser can, and left aside here."""

    kind = Kinds(
        "Kind",
        validators=[needed(NO_KIND)],
        choices=[SelectChoice(name, kind.title, {"hint": KIND_HINTS[name]}) for name, kind in KINDS.items()],
    )
    label = line("Question", ask="Write the question.", longest=LONGEST_LABEL)
    hint = line("Hint", hint="Why you ask, who sees the answer, when it is deleted.", longest=LONGEST_LABEL)
    options = paragraph("Options", hint="One on each line.", longest=5_000, rows=5)
    least = line("At least", longest=LONGEST_BOUND, inputmode="decimal", **{"class": "in--xs"})
    most = line("At most", longest=LONGEST_BOUND, inputmode="decimal", **{"class": "in--xs"})
    is_required = BooleanField("People must answer it")
    is_sensitive = BooleanField(
        "The answers are sensitive",
        description="Health, religion, access, diet. Only organisers with the right to it read them.",
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.options.flags.required = True  # where it is shown at all, it is needed: the verb asks for it

    def values(self) -> dict[str, Any]:
        """Return what was typed, as the verbs of questions take it."""
        return {
            "kind": self.kind.data,
            "label": self.label.data,
            "hint": self.hint.data or "",
            "is_required": bool(self.is_required.data),
            "is_sensitive": bool(self.is_sensitive.data),
            "settings": self.settings(),
        }

    def settings(self) -> dict[str, Any]:
        """Return what the kind needs besides, and nothing else."""
        found: dict[str, Any] = {}
        if self.kind.data in WITH_OPTIONS:
            lines = [" ".join(text.split()) for text in (self.options.data or "").splitlines()]
            found["options"] = [text for text in lines if text]
        if self.kind.data in WITH_BOUNDS:
            found |= {name: self[name].data for name in ("least", "most") if self[name].data}
        return found


def question_data(question: Question) -> dict[str, Any]:
    """Return what the form is filled with from a question."""
    same = "kind label hint is_required is_sensitive"
    return {
        **{name: getattr(question, name) for name in same.split()},
        "options": "\n".join(question.settings.get("options", ())),
        "least": str(question.settings.get("least", "")),
        "most": str(question.settings.get("most", "")),
    }
