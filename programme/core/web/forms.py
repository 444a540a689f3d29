"""The base of every form: text that cannot be stored gets a sentence, and nothing typed is lost."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from email_validator import EmailNotValidError, validate_email
from wtforms import Form as PlainForm
from wtforms import SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

if TYPE_CHECKING:
    from wtforms import Field

    from programme.core.refusal import Refusal

LONGEST_LINE = 200
LONGEST_TEXT = 10_000
LONGEST_ADDRESS = 254
HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class Form(PlainForm):
    """A form whose every text is checked for what no database can hold."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, then refuse unstorable or boundless text in any field."""
        valid = super().validate(extra_validators=extra_validators)
        wrong = [field for field in self if not storable(field)]
        return bool(valid) and not wrong

    def refuse(self, refusal: Refusal) -> None:
        """Show a rule's no at the field it belongs to, or above the form."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(refusal.sentence)
        else:
            field.errors = [*field.errors, refusal.sentence]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Return (id of the control, sentence) for the error summary, in the order of the page."""
        found = [("", sentence) for sentence in self.form_errors]
        found += [(field.id, sentence) for field in self for sentence in sentences(field.errors)]
        return found


def sentences(errors: Any) -> list[str]:
    """Flatten WTForms' errors (lists, or mappings of sub-forms) into sentences."""
    if isinstance(errors, dict):
        return [sentence for part in errors.values() for sentence in sentences(part)]
    if isinstance(errors, (list, tuple)):
        return [sentence for part in errors for sentence in sentences(part)]
    return [str(errors)]


def storable(field: Field) -> bool:
    """Whether the field's raw text can be kept; writes the sentence on it where not."""
    texts = [text for text in (field.raw_data or []) if isinstance(text, str)]
    if any("\0" in text or has_surrogate(text) for text in texts):
        field.errors = [*field.errors, "This contains a character we cannot keep. Delete it and type it again."]
        return False
    if not isinstance(field, TextAreaField) and any(len(text) > LONGEST_TEXT for text in texts):
        field.errors = [*field.errors, f"Keep this to {LONGEST_TEXT:,} characters."]
        return False
    return True


def has_surrogate(text: str) -> bool:
    """Whether `text` holds half a character, as broken encodings leave behind."""
    return HALF_CHARACTER.search(text) is not None


def strip(text: str | None) -> str:
    """Take white space off both ends; nothing typed is an empty text."""
    return (text or "").strip()


def one_line(text: str | None) -> str:
    """Make one line of what was pasted in."""
    return " ".join((text or "").split())


class Needed(InputRequired):
    """Asks for the field; nothing but white space is nothing, and zero is something."""

    def __call__(self, form: PlainForm, field: Field) -> None:
        """Stop the field's validation where it is empty."""
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data.strip():
            field.errors = []
            raise StopValidation(self.message)


def needed(sentence: str) -> Needed:
    """Return a validator that asks for the field in a sentence that says what to do."""
    return Needed(message=sentence)


def line(label: str, *, hint: str = "", ask: str = "", longest: int = LONGEST_LINE, **render: Any) -> StringField:
    """Return a one-line field; `ask` is the sentence when it is left empty ("" = optional)."""
    return StringField(
        label,
        description=hint,
        filters=[one_line],
        validators=[
            needed(ask) if ask else Optional(),
            Length(max=longest, message=f"Keep this to {longest} characters."),
        ],
        render_kw=render,
    )


def paragraph(
    label: str, *, hint: str = "", ask: str = "", longest: int = LONGEST_TEXT, **render: Any
) -> TextAreaField:
    """Return a field of several lines."""
    return TextAreaField(
        label,
        description=hint,
        filters=[strip],
        validators=[
            needed(ask) if ask else Optional(),
            Length(max=longest, message=f"Keep this to {longest:,} characters."),
        ],
        render_kw=render,
    )


def mail_address(label: str = "E-mail", *, hint: str = "", ask: str = "Enter your e-mail address.") -> StringField:
    """Return a field for one e-mail address, kept as typed but for white space."""
    return StringField(
        label,
        description=hint,
        filters=[strip],
        validators=[needed(ask) if ask else Optional(), check_address],
        render_kw={"type": "email", "autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
    )


def check_address(form: object, field: Field) -> None:
    """Refuse what cannot be an address, with a sentence that shows a right one."""
    del form
    if field.data and normal_address(field.data) is None:
        raise ValidationError("Enter an e-mail address like name@example.ac.uk.")


@lru_cache(maxsize=256)
def normal_address(text: str) -> str | None:
    """Return the address with its domain in normal form, or None where it cannot be one; asked often of the same."""
    if len(text) > LONGEST_ADDRESS or "\0" in text:
        return None
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


class ChecksField(SelectMultipleField):
    """Many of: one box a choice."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
