"""Forms of the door: a walk-in, a helper, and what the door allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, HiddenField, SelectChoice

from programme.core.web.forms import Form, line, mail_address
from programme.engines.calendar.forms.choices import Choice, id_or_none

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.people.models import Organisation


class WalkInForm(Form):
    """Somebody without a place, at the door."""

    name = line("Name", ask="Enter the name.", autocomplete="off", autocapitalize="words")
    address = mail_address(
        "E-mail",
        hint="Only if they want their certificate, and to be asked how it was. You will not see it again.",
        ask="",
    )
    organisation = Choice("From", coerce=id_or_none, is_optional=True)
    key = HiddenField()


def walk_in_form(homes: Sequence[Organisation], typed: Any = None, *, key: str = "") -> WalkInForm:
    """Return the form with where somebody may be from."""
    form = WalkInForm(typed, key=key)
    form.address.render_kw = {**(form.address.render_kw or {}), "autocomplete": "off"}
    form.organisation.choices = [
        SelectChoice("", "Elsewhere, or not known"),
        *(SelectChoice(row.id, row.name) for row in homes),
    ]
    return form


class HelpingForm(Form):
    """Somebody who helps at the door."""

    name = line("Name", ask="Enter the name.", autocomplete="off")
    address = mail_address("E-mail", hint="A letter with the way in goes here.", ask="Enter the e-mail address.")


class DoorForm(Form):
    """What a door allows."""

    takes_walk_ins = BooleanField(
        "Let people in who have no place",
        description="Helpers may add them at the door. They count, on top of the places if need be.",
    )
