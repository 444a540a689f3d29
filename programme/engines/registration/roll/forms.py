"""Forms about people on a roll: one added, many pasted, a decision with its reason, a note, a letter, an export."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, FieldList, HiddenField, SelectChoice

from programme.core.web.forms import Form, line, mail_address, paragraph
from programme.engines.calendar.forms.choices import Checks, Choice, Radios, id_or_none
from programme.engines.questionnaire.forms import QuestionsForm, form_class
from programme.engines.registration.openings.editing.details import MOST_TOGETHER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.questionnaire.kinds import Asked
    from programme.people.models import Organisation

LONGEST_REASON = 500
LONGEST_LETTER = 5_000
LONGEST_LIST = 60_000
BEYOND = "Give a place even if all are taken"


class PersonForm(QuestionsForm):
    """Somebody added by an organiser; the opening's questions follow, none of them required."""

    name = line("Name", ask="Enter the name.", autocomplete="off")
    address = mail_address("E-mail", hint="The letter with the place goes here.", ask="Enter the e-mail address.")
    organisation = Choice("From", coerce=id_or_none, description="If you leave it, the address decides.")
    events = Checks("Comes to", coerce=int)
    others = FieldList(line("Name", autocomplete="off"), "Who comes along?", max_entries=MOST_TOGETHER - 1)
    even_if_full = BooleanField(BEYOND)


def person_form(asked: Sequence[Asked], homes: Sequence[Organisation], typed: Any = None) -> PersonForm:
    """Return the form with an opening's questions, which an organiser may leave open."""
    free = tuple(replace(one, is_required=False, ends=()) for one in asked)
    form = form_class(PersonForm, free)(typed)
    form.organisation.choices = [
        SelectChoice("", "As the address says"),
        *(SelectChoice(row.id, row.name) for row in homes),
    ]
    return form


class PastedForm(Form):
    """A pasted list; where people choose among events, everybody on it comes to the same."""

    people = paragraph(
        "Names and addresses",
        hint="One person a line: “Ada Marlstone <ada@example.ac.uk>”, “Ada Marlstone, ada@example.ac.uk”, or the "
        "address alone.",
        ask="Paste at least one address.",
        longest=LONGEST_LIST,
        rows=12,
        **{"class": "in--l"},
    )
    events = Checks("All of them come to", coerce=int)
    even_if_full = BooleanField(BEYOND)


class ReasonForm(Form):
    """A decision about people, with a reason where they are told one, and another where organisers tell each other."""

    reason = line("Reason", hint="They read this in the letter.", longest=LONGEST_REASON)
    why = paragraph(
        "Reason between organisers",
        hint="Kept with your key: whoever it is about never reads it.",
        longest=2_000,
        rows=3,
    )
    even_if_full = BooleanField(BEYOND)


class TurnForm(Form):
    """A place given or offered to somebody who is not the next."""

    why = line(
        "Why they come first",
        hint="Needed where others have waited longer. It stays between organisers, in the history.",
        longest=LONGEST_REASON,
    )
    even_if_full = BooleanField(BEYOND)


class CorrectionForm(Form):
    """Another address of a registration."""

    address = mail_address(
        "The right address",
        hint="The place, and letters that wait, go to it. Links that went to the old one open nothing any more.",
        ask="Enter the right address.",
    )


class NoteForm(Form):
    """A note between organisers."""

    note = paragraph(
        "Write a note",
        hint="Only organisers of this opening read it: the person never does, and it is in nobody else’s file.",
        ask="Write something first.",
        longest=2_000,
        rows=3,
    )


class LetterForm(Form):
    """A letter to some of a roll. `once` is random for each letter begun: sent twice, it goes once."""

    once = HiddenField()
    subject = line("Subject", ask="Enter a subject.", longest=150)
    text = paragraph(
        "Text",
        hint="Leave an empty line between paragraphs; lines that begin with “- ” make a list. A greeting with the name "
        "comes first, and a link to the person’s own place last.",
        ask="Write the letter.",
        longest=LONGEST_LETTER,
        rows=12,
        **{"class": "in--l"},
    )


class ExportForm(Form):
    """A file of the roll."""

    format = Radios("File", choices=[SelectChoice("xlsx", "Excel (XLSX)"), SelectChoice("csv", "CSV")], default="xlsx")
    reach = Radios(
        "People",
        choices=[
            SelectChoice("holding", "Those with a place"),
            SelectChoice("live", "Everybody registered"),
            SelectChoice("all", "Everybody, ended too"),
        ],
        default="holding",
    )
    questions = Checks("Answers", coerce=int)
    sensitive = Checks(
        "Sensitive answers", coerce=int, description="Take only what you need. That you took them is written down."
    )
