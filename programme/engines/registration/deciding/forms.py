"""The form of how an opening decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, SelectChoice

from programme.core.web.forms import Form, line, mail_address
from programme.engines.calendar.forms.choices import Radios, whole_number
from programme.engines.calendar.forms.instants import InstantField
from programme.engines.registration.deciding.actions import MOST_DAYS, Wanted
from programme.engines.registration.deciding.changing import AnswersChange
from programme.engines.registration.deciding.states import DecidedBy

if TYPE_CHECKING:
    from programme.engines.registration.deciding.models import DecisionTerms
    from programme.engines.registration.models import Opening

DECIDED_BY = [
    SelectChoice(
        DecidedBy.ORGANISERS.value, "Any organiser", {"hint": "Whoever organises it gives or refuses a place."}
    ),
    SelectChoice(
        DecidedBy.KEYS.value,
        "Two keys, one for each university",
        {"hint": "Both must say yes. One no ends it.", "opens": True},
    ),
]
ANSWERS_CHANGE = [
    SelectChoice(AnswersChange.REGISTERED.value, "As long as they are registered"),
    SelectChoice(AnswersChange.UNTIL.value, "Until a day and a time", {"opens": True}),
    SelectChoice(AnswersChange.UNDECIDED.value, "Until it is decided whether they have a place"),
    SelectChoice(AnswersChange.NEVER.value, "Never", {"hint": "What is sent stays as it is."}),
]


class DecisionTermsForm(Form):
    """Who decides, in how long, and until when answers may change."""

    decided_by = Radios("Who decides", choices=DECIDED_BY)
    days = whole_number(
        "Days to decide",
        least=1,
        most=MOST_DAYS,
        hint="From when somebody registers, or from the day until which answers may change. Left empty, it is 14.",
    )
    escalation = mail_address(
        "Tell this address too when a key is late",
        hint="The organisers of the lead, and those whose key it is, are told anyway.",
        ask="",
    )
    answers_change = Radios("People may change their answers", choices=ANSWERS_CHANGE)
    until = InstantField("Until")
    asks_anew = BooleanField(
        "Decide again when answers change",
        description="Each change after a yes is looked at anew. Whoever has a place keeps it meanwhile, and is told.",
    )

    def wanted(self) -> Wanted:
        """Return what was typed."""
        return Wanted(
            decided_by=DecidedBy(self.decided_by.data),
            days=self.days.data or DecisionTermsForm.usual()["days"],
            escalation_address=self.escalation.data or "",
            answers_change=AnswersChange(self.answers_change.data),
            answers_until=self.until.data,
            asks_anew=bool(self.asks_anew.data),
        )

    @staticmethod
    def usual() -> dict[str, Any]:
        """Return what the form shows where nobody has set anything."""
        return {"decided_by": DecidedBy.ORGANISERS.value, "days": 14, "answers_change": AnswersChange.REGISTERED.value}


class HolderForm(Form):
    """Who turns an organisation's keys."""

    name = line("Name", autocomplete="off")
    address = mail_address("E-mail", hint="Leave it empty to let any of your organisers decide.", ask="")


def terms_data(opening: Opening, terms: DecisionTerms | None) -> dict[str, Any]:
    """Return what the form is filled with."""
    del opening
    if terms is None:
        return DecisionTermsForm.usual()
    return {
        "decided_by": terms.decided_by.value,
        "days": terms.days,
        "escalation": terms.escalation_address,
        "answers_change": terms.answers_change.value,
        "until": terms.answers_until,
        "asks_anew": terms.asks_anew,
    }
