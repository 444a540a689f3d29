"""Fields that choose from a list, count, or take a web address, each with a sentence where the answer is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from wtforms import IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import Length, NumberRange, Optional, StopValidation

from programme.core.database import LARGEST_ID
from programme.core.web.forms import ChecksField, strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field

LONGEST_URL = 1000
MOST_DIGITS = 15
NONSENSE = "?"
"""Stands for what could not be read: it is on no list."""
CHOOSE = "Choose one from the list."


class Choice(SelectField):
    """One of a list, shown as a menu."""

    def __init__(self, *given: Any, is_optional: bool = False, **options: Any) -> None:
        super().__init__(*given, **options)
        self.flags.required = not is_optional

    def pre_validate(self, form: object) -> None:
        """Refuse what is not on the list."""
        del form
        known = {choice.value for choice in self.choices or ()}
        if self.data not in known and not (self.data is None and "" in known):
            raise ValidationError(CHOOSE)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take what was chosen; nonsense is nothing on the list."""
        if not valuelist:
            return
        try:
            self.data = self.coerce(valuelist[0])
        except (ValueError, TypeError):
            self.data = NONSENSE


class Radios(RadioField):
    """One of a list, all in sight."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.flags.required = True

    def pre_validate(self, form: object) -> None:
        """Refuse what is not on the list."""
        del form
        if not any(value == self.data for value, *_ in self.iter_choices()):
            raise ValidationError(CHOOSE)


class Checks(ChecksField):
    """Many of a list."""

    def pre_validate(self, form: object) -> None:
        """Refuse what is not on the list."""
        del form
        known = {value for value, *_ in self.iter_choices()}
        if not set(self.data or ()) <= known:
            raise ValidationError("Choose only from the list.")


class WholeNumber(IntegerField):
    """A whole number, or nothing."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the digits, or say what is wanted."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            if not (
                text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal() and len(text) <= MOST_DIGITS
            ):
                raise ValueError("Enter a whole number, in digits.")
            self.data = int(text)


def whole_number(label: str, *, least: int, most: int, hint: str = "") -> WholeNumber:
    """Return a field for a number within bounds, or nothing."""
    bounds = NumberRange(least, most, message=f"Enter a whole number from {least:,} to {most:,}.")
    return WholeNumber(label, description=hint, validators=[Optional(), bounds], render_kw={"class": "in--xs"})


def web_address(label: str, *, hint: str = "", ask: str = "") -> StringField:
    """Return a field for an address on the web."""
    return StringField(
        label,
        description=hint,
        filters=[strip],
        validators=[Asked(ask) if ask else Optional(), Length(max=LONGEST_URL), check_web_address],
        render_kw={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"},
    )


class Asked:
    """Asks with its own sentence, and lets white space count as nothing."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: object, field: Field) -> None:
        """Refuse an empty field."""
        del form
        if not field.data:
            raise StopValidation(self.sentence)


def check_web_address(form: object, field: Field) -> None:
    """Refuse what is no address of the web: other schemes could run in a reader's browser."""
    del form
    if field.data and not is_web_address(field.data):
        raise ValidationError("Enter a web address like https://www.example.ac.uk/page.")


def is_web_address(text: str) -> bool:
    """Whether `text` is an absolute http or https address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not any(letter.isspace() for letter in text)


def id_or_none(text: object) -> int | None:
    """Read an id of a menu; its empty choice is None."""
    if text in (None, "", "None"):
        return None
    number = int(str(text))
    if not 0 < number <= LARGEST_ID:
        raise ValueError(text)
    return number
