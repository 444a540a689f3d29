"""Building a form of questions: the form for one question, and questions that are ready to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, RadioField, SelectChoice
from wtforms.validators import StopValidation

from programme.core.files.kinds import FILE_KINDS
from programme.core.refusal import Refusal
from programme.core.web.forms import ChecksField, Form, line, needed, paragraph
from programme.engines.questionnaire.kinds import KINDS, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.questionnaire.models import Question

NO_KIND = "Choose what kind of question this is."
LONGEST_LABEL = 500
LONGEST_BOUND = 20
WITH_OPTIONS = [name for name, kind in KINDS.items() if kind.has_options]
WITH_BOUNDS = [name for name, kind in KINDS.items() if kind.has_bounds]
WITH_FILES = [name for name, kind in KINDS.items() if kind.takes_files]

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
        "kind": "dietary",
        "label": "What do you eat?",
        "hint": "For the caterers, who get numbers without names. Deleted a month after the event.",
        "is_sensitive": True,
    },
    "access": {
        "kind": "access",
        "label": "What do you need to take part?",
        "hint": "Only the organisers see this, and we delete it a month after the event.",
        "is_sensitive": True,
    },
    "stage": {
        "kind": "one_of",
        "label": "Which describes you best?",
        "settings": {
            "options": ["Doctoral researcher", "Student", "Postdoctoral researcher", "Staff", "Founder", "Other"]
        },
    },
    "year": {
        "kind": "one_of",
        "label": "Which year of your studies are you in?",
        "settings": {"options": ["First", "Second", "Third", "Fourth", "Later", "I do not study"]},
    },
    "organisation": {"kind": "organisation", "label": "Which organisation do you come from?"},
    "cv": {
        "kind": "file",
        "label": "Your CV",
        "hint": "Only the organisers read it.",
        "settings": {"accepts": ["pdf", "docx", "odt"], "most": "5"},
    },
    "parts": {"kind": "parts", "label": "Which parts will you come to?"},
    "heard": {
        "kind": "one_of",
        "label": "How did you hear of this?",
        "settings": {
            "options": ["From a colleague", "By e-mail", "On our pages", "On a poster", "On social media", "Otherwise"]
        },
    },
    "emergency_name": {
        "kind": "short_text",
        "label": "Whom may we call in an emergency?",
        "hint": "A name. Only the organisers see it, and we delete it a month after the event.",
        "is_sensitive": True,
    },
    "emergency_phone": {
        "kind": "phone",
        "label": "Their telephone number",
        "hint": "Called only in an emergency, and deleted a month after the event.",
        "is_sensitive": True,
    },
    "photographs": {
        "kind": "consent",
        "label": "I agree to be in photographs of the event, which the universities may publish",
        "hint": "You can say no and still come.",
    },
    "members": {
        "kind": "yes_no",
        "label": "Do you work or study at one of the two universities?",
        "is_required": True,
        "settings": {
            "ends": ["no"],
            "end_words": "Thank you for your interest. These places are for members of the two universities; "
            "our public events are open to everybody.",
        },
    },
}
READY_MADE_TITLES = {
    "members": "Members only, else a kind end",
    "affiliation": "Affiliation",
    "organisation": "Organisation",
    "department": "Department",
    "stage": "Career stage",
    "year": "Year of study",
    "dietary": "Dietary needs",
    "access": "Access needs",
    "emergency_name": "Emergency contact",
    "emergency_phone": "Emergency contact’s number",
    "photographs": "Photographs",
    "cv": "A CV as a file",
    "parts": "Parts of the event",
    "heard": "How did you hear of this",
}


class Kinds(RadioField):
    """The kinds of question; what is chosen is judged by their names."""

    def pre_validate(self, form: Form) -> None:
        """Refuse what is no kind, in a sentence."""
        del form
        if self.data not in KINDS:
            raise StopValidation(NO_KIND)


class Accepted(ChecksField):
    """Kinds of files; what is ticked is judged by the verb."""

    def pre_validate(self, form: Form) -> None:
        """Judge nothing here."""


class QuestionForm(Form):
    """One question. What its kind does not need is hidden where the browser can, and left aside here."""

    kind = Kinds(
        "Kind",
        validators=[needed(NO_KIND)],
        choices=[SelectChoice(name, kind.title, {"hint": kind.about}) for name, kind in KINDS.items()],
    )
    label = line(
        "Question",
        hint="Or the title of a section, a heading, the words to agree to.",
        ask="Write the question.",
        longest=LONGEST_LABEL,
    )
    hint = line("Hint", hint="Why you ask, who sees the answer, when it is deleted.", longest=LONGEST_LABEL)
    options = paragraph(
        "Options",
        hint="One on each line. For dietary and access needs, ours if you leave it empty.",
        longest=5_000,
        rows=5,
    )
    least = line("At least", longest=LONGEST_BOUND, inputmode="decimal", **{"class": "in--xs"})
    most = line("At most", longest=LONGEST_BOUND, inputmode="decimal", **{"class": "in--xs"})
    accepts = Accepted("Kinds of files", choices=[SelectChoice(one, kind.title) for one, kind in FILE_KINDS.items()])
    megabytes = line(
        "Megabytes at most",
        hint="5 if you leave it empty.",
        longest=LONGEST_BOUND,
        inputmode="numeric",
        **{"class": "in--xs"},
    )
    is_required = BooleanField("People must answer it")
    is_sensitive = BooleanField(
        "The answers are sensitive",
        description="Health, religion, access, diet. Only organisers with the right to it read them; files "
        "leave them out unless asked for; they are deleted 30 days after the event.",
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.options.flags.required = True  # where it is shown at all, it is needed: the verb asks for it

    def refuse_larger(self, largest: int) -> bool:
        """Refuse a file larger than this installation takes; whether it was."""
        if self.kind.data not in WITH_FILES or whole(self.megabytes.data or "") <= largest:
            return False
        self.refuse(Refusal(f"This installation takes files of {largest} MB at most.", field="megabytes"))
        return True

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
        if self.kind.data in WITH_FILES:
            found["accepts"] = [one for one in FILE_KINDS if one in (self.accepts.data or ())]
            found |= {"most": self.megabytes.data} if self.megabytes.data else {}
        return found


def question_data(question: Question) -> dict[str, Any]:
    """Return what the form is filled with from a question."""
    same = "kind label hint is_required is_sensitive"
    return {
        **{name: getattr(question, name) for name in same.split()},
        "options": "\n".join(question.settings.get("options", ())),
        "least": str(question.settings.get("least", "")),
        "most": str(question.settings.get("most", "")),
        "accepts": list(question.settings.get("accepts", ())),
        "megabytes": str(question.settings.get("most", "")) if question.kind in WITH_FILES else "",
    }
