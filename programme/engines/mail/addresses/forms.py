"""The form of an address that is to get no letters."""

from __future__ import annotations

from wtforms import RadioField

from programme.core.web.forms import Form, line, mail_address, needed


class StopForm(Form):
    """Which letters an address gets no more, and why; its choices are filled in by who may stop what."""

    address = mail_address("E-mail address", ask="Enter the address that is to get no more letters.")
    scope = RadioField("Which letters", validators=[needed("Choose which letters.")])
    why = line("Why", hint="Such as “asked on the telephone”.", ask="Say why, for those who look later.")
