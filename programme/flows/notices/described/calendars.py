"""Letters about calendars that we follow, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.words import moment
from programme.engines.mail.wording.passages import Description, Passage, Placeholder, Topic
from programme.flows.notices.described.placeholders import (
    GREETING,
    case,
    closing,
    greeting,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CALENDAR = Placeholder("calendar", "the name that the calendar is followed under")
SINCE = Placeholder("since", "when it was read last", in_subject=False)
TROUBLE = Placeholder("trouble", "why it cannot be read, in a sentence", in_subject=False)
FOLLOWED = why("Sent because you organise where this calendar is followed.")


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of these letters stand for."""
    return {
        "greeting": greeting(variables["name"]),
        "calendar": variables["title"],
        "since": moment(variables["since"]),
        "trouble": variables["trouble"],
    }


DESCRIPTIONS: Mapping[str, Description] = {
    "calendar_failing": Description(
        topic=Topic.WRITTEN,
        about="When a followed calendar could not be read for three days, once; at once where it is gone for good.",
        to="The organisers where it is followed, but those who get the morning letter: it stands there",
        needs=frozenset({"since"}),
        passages=(
            subject("{calendar} cannot be read"),
            opening("{greeting}\n\n{calendar}, a calendar that you follow, was read last on {since}. {trouble}"),
            Passage(
                "stays",
                "What becomes of the events",
                "Your events stay as they are, and we go on trying, once a day. What changes there does not reach"
                " you meanwhile.",
            ),
            Passage(
                "gone",
                "What becomes of them where it is gone",
                "Your events stay as they are. We do not ask for it any more until you follow it again.",
            ),
            closing("If it has moved, follow its new address instead. Ask whoever keeps it if you do not know why."),
            FOLLOWED,
        ),
        placeholders=(GREETING, CALENDAR, SINCE, TROUBLE),
        values=values,
        cases=(case("It fails", is_gone=False), case("It is gone for good", is_gone=True)),
    ),
    "calendar_works": Description(
        topic=Topic.WRITTEN,
        about="When a followed calendar is read again, after a letter said that it was not.",
        to="Those who got that letter",
        needs=frozenset({"since"}),
        passages=(
            subject("{calendar} is read again"),
            opening(
                "{greeting}\n\n{calendar}, a calendar that you follow, is read again. What changed there since {since}"
                " is taken in."
            ),
            closing("What there is to decide, if anything, stands on its page."),
            FOLLOWED,
        ),
        placeholders=(GREETING, CALENDAR, SINCE),
        values=values,
    ),
}
