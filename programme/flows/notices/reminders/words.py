"""What the programme says to each audience where the organisers wrote nothing themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.reminders.models import Audience
from programme.engines.reminders.ports import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

A = Audience


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter's own words: its subject before the title, the state above it, a paragraph, and what its button says.

    `is_managed` leads to the reader's own page of their place, else to the event's page. `kind` is the state's colour.
    """

    subject: str
    state: str
    text: str
    button: str
    is_managed: bool = False
    kind: str = ""


THANKS = Notice(
    "Thank you for coming",
    "Thank you for coming",
    "How was it for you? Two sentences help those who plan the next one: just answer this letter. Your certificate is "
    "on the page of your place, and a form without your name, where the organisers ask more. What was shown is on the "
    "event’s page, as far as it may be shared.",
    "See your certificate",
    is_managed=True,
    kind="ok",
)
AFTER_PLACE = Notice(
    "Afterwards",
    "It has taken place",
    "You had a place. What was shown is on the event’s page, as far as it may be shared.",
    "The event’s page",
)
NOTICES: Mapping[tuple[Audience, Side], Notice] = {
    (A.WAITING, Side.BEFORE): Notice(
        "Still on the waiting list",
        "You are on the waiting list",
        "We write at once if a place becomes free. If you do not want it any more, leave the list: others wait behind "
        "you.",
        "See or leave the waiting list",
        is_managed=True,
        kind="wait",
    ),
    (A.OFFERED, Side.BEFORE): Notice(
        "A place is offered to you",
        "A place is offered to you",
        "Take it or let it go on your page. Somebody else waits for it.",
        "Take the place or let it go",
        is_managed=True,
        kind="wait",
    ),
    (A.PRESENT, Side.AFTER): THANKS,
    (A.ABSENT, Side.AFTER): Notice(
        "We missed you",
        "We missed you",
        "You had a place and we did not see you. We hope all is well. What was shown is on the event’s page, as far as "
        "it may be shared.",
        "The event’s page",
    ),
    (A.CONFIRMED, Side.AFTER): AFTER_PLACE,
    (A.ANSWERED, Side.AFTER): AFTER_PLACE,
    (A.TAGGED, Side.AFTER): AFTER_PLACE,
    (A.SPEAKERS, Side.BEFORE): Notice(
        "You are on the programme",
        "You are on the programme",
        "These are the facts as they stand. Answer this letter if anything is not as you expect it.",
        "The event’s page",
        kind="ok",
    ),
    (A.SPEAKERS, Side.AFTER): Notice(
        "Thank you",
        "Thank you",
        "Thank you for your part in it. If you have slides or papers to share, answer this letter with them.",
        "The event’s page",
        kind="ok",
    ),
    (A.GROUP, Side.BEFORE): Notice(
        "You have not registered",
        "You have not registered yet",
        "If you mean to come, register now. If not, you need do nothing.",
        "See it and register",
    ),
}
