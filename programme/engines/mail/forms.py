"""Forms of the mail room."""

from __future__ import annotations

from programme.core.web.forms import Form, line


class PauseForm(Form):
    """Why nothing is to leave for now."""

    reason = line("Why", hint="Shown to everybody who looks at the outbox.", ask="Say why, for those who look later.")


class AgainForm(Form):
    """What stands above a letter that is sent once more."""

    note = line("A note above it", hint="Such as “The first one said the wrong room.”", ask="Say why it comes again.")
