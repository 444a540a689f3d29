"""The form by which somebody refuses to sign; agreeing is a button."""

from __future__ import annotations

from programme.core.web.forms import Form, paragraph
from programme.strands.cohorts.signing.actions import LONGEST_REASON, WHY


class RefusalForm(Form):
    """Why somebody does not sign."""

    reason = paragraph("Why you refuse", hint="Whoever asked reads it.", ask=WHY, longest=LONGEST_REASON, rows=4)
