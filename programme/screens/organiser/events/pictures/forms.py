"""What is asked about an event's picture: which, what it shows to those who do not see it, and whose it is."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field, HiddenField, ValidationError

from programme.core.files.kinds import endings, in_bytes
from programme.core.files.pictures import LOWEST, NARROWEST, TAKEN
from programme.core.web.forms import Form, line
from programme.engines.calendar.pictures.actions import CHOOSE, Caption
from programme.engines.questionnaire.fields.files import OneFile

LONGEST_WORDS, LONGEST_CREDIT = 300, 200
NO_WORDS = "Say what the picture shows, or tick that it is only decoration."
BOTH = "A picture that is only decoration has no words: delete them, or take the tick away."


class PictureForm(Form):
    """A picture and its words; `has_one` says that the event shows one already, so that another need not be chosen."""

    picture = OneFile("Picture", render_kw={"accept": endings(TAKEN)})
    words = line(
        "What it shows",
        hint="In a sentence, for those who do not see it: screen readers read it out.",
        longest=LONGEST_WORDS,
    )
    is_decoration = BooleanField(
        "It is only decoration", description="It shows nothing that one needs to know. Screen readers pass it by."
    )
    credit = line("Credit", hint="Whose picture it is, as you want it read below it.", longest=LONGEST_CREDIT)
    seen = HiddenField()

    def __init__(self, typed: Any = None, *, has_one: bool, most: int, **rest: Any) -> None:
        super().__init__(typed, **rest)
        self.has_one = has_one
        self.picture.flags.required = not has_one
        self.words.flags.required = True
        kinds = f"JPEG, PNG or WebP, {in_bytes(most)} at most, {NARROWEST} by {LOWEST} pixels or more."
        self.picture.description = f"{kinds} What the camera noted, such as where it was, is not kept."

    def validate_picture(self, field: Field) -> None:
        """Ask for a picture; say why the one that came was not taken."""
        if field.trouble:
            raise ValidationError(field.trouble)
        if not field.data and not self.has_one:
            raise ValidationError(CHOOSE)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for words, or that there are none to say."""
        valid = super().validate(extra_validators=extra_validators)
        wrong = {(False, False): NO_WORDS, (True, True): BOTH}.get(
            (bool(self.words.data), bool(self.is_decoration.data))
        )
        if wrong:
            self.words.errors = [*self.words.errors, wrong]
        return valid and not wrong

    @property
    def caption(self) -> Caption:
        """Return what is said of the picture."""
        return Caption(words=self.words.data or "", credit=self.credit.data or "")
