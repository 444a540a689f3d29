"""The form of a letter's wording: a field for each of its passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import HiddenField, StringField, TextAreaField, ValidationError

from programme.core.web.forms import Form
from programme.engines.mail.wording.passages import flaws, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict
    from wtforms import Field

    from programme.engines.mail.ports import Letter
    from programme.engines.mail.wording.passages import Description, Passage

WIDE, FEWEST_ROWS = 60, 2
PREFIX = "say-"


def wording_form(
    letter: Letter, *, typed: MultiDict[str, str] | None = None, words: Mapping[str, str] | None = None, made_from: str
) -> Form:
    """Return the form with what was typed, or with `words` where nothing was."""
    description = letter.description
    fields: dict[str, Any] = {passage.name: field_for(passage, description) for passage in description.passages}
    kind: type[Form] = type("WordingForm", (Form,), {**fields, "made_from": HiddenField()})
    return kind(typed, prefix=PREFIX, data={**(words or {}), "made_from": made_from})


def field_for(passage: Passage, description: Description) -> Field:
    """Return the field of a passage, which tells its flaws itself."""
    check = Flawless(passage, description)
    if passage.is_subject:
        return StringField(passage.title, description=passage.hint, validators=[check], filters=[stripped])
    rows = sum(1 + len(line) // WIDE for line in passage.text.split("\n"))
    render = {"rows": max(FEWEST_ROWS, rows + 1)}
    return TextAreaField(
        passage.title, description=passage.hint, validators=[check], filters=[tidied], render_kw=render
    )


class Flawless:
    """Refuses a wording with all its flaws; a subject is needed, any other passage may be left out."""

    def __init__(self, passage: Passage, description: Description) -> None:
        self.passage, self.description = passage, description
        self.field_flags = {"required": True} if passage.is_subject else {"optional": True}

    def __call__(self, form: object, field: Field) -> None:
        """Say what is wrong."""
        del form
        wrong = flaws(field.data or "", passage=self.passage, description=self.description)
        if wrong:
            raise ValidationError(" ".join(wrong))


def stripped(text: str | None) -> str:
    """Take white space off both ends; a line break within is the check's to refuse."""
    return (text or "").strip()


def tidied(text: str | None) -> str:
    """Return what was typed as it is kept."""
    return tidy(text or "")


def typed_words(form: Form, letter: Letter) -> dict[str, str]:
    """Return what a form says for each passage."""
    return {passage.name: form[passage.name].data or "" for passage in letter.description.passages}
