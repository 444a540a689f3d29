"""The forms of a key: turning it, and giving it to another person."""

from __future__ import annotations

from typing import Any

from wtforms import SelectChoice

from programme.core.web.forms import Form, line, mail_address, paragraph
from programme.engines.approvals.actions import Turn
from programme.engines.approvals.states import KeyState
from programme.engines.calendar.forms.choices import Radios

LONGEST_WORDS, LONGEST_REASON = 500, 2_000
SAYS = [
    SelectChoice(KeyState.YES.value, "Yes"),
    SelectChoice(KeyState.NO.value, "No", {"hint": "One no ends it, whatever the others say.", "opens": True}),
]


class TurnForm(Form):
    """A key is turned."""

    says = Radios("Your decision", choices=SAYS)
    words = line("Words for the person", hint="They read this in the letter that says no.", longest=LONGEST_WORDS)
    reason = paragraph(
        "Reason",
        hint="Asked for with a no. Between organisers: whoever it is about never reads it.",
        longest=LONGEST_REASON,
        rows=3,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask why where it is a no: the others are to understand what ends it."""
        valid = super().validate(extra_validators=extra_validators)
        if self.says.data == KeyState.NO.value and not self.reason.data:
            self.reason.errors = [*self.reason.errors, "Say why it is a no: your colleagues read it."]
            return False
        return valid

    def turn(self) -> Turn:
        """Return what was typed; words for the person count only with a no."""
        says = KeyState(self.says.data)
        words = (self.words.data or "") if says is KeyState.NO else ""
        return Turn(says=says, person_id=None, reason=self.reason.data or "", words=words)


class DelegateForm(Form):
    """A key is given to another person."""

    name = line("Name", ask="Enter their name.", autocomplete="off")
    address = mail_address(
        "E-mail", hint="A link to decide goes here. They need no account.", ask="Enter their e-mail address."
    )
