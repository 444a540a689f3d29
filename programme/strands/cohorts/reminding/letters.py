"""The kind of letter that tells of milestones, with its words and an invented example."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from programme.engines.mail.ports import Letter, Purpose
from programme.engines.mail.wording.passages import Description, Topic
from programme.flows.notices.described.placeholders import NAME, case, opening, subject, why
from programme.strands.cohorts.reminding import telling
from programme.strands.cohorts.reminding.subject import LETTER

if TYPE_CHECKING:
    from collections.abc import Mapping

SITE = "https://programme.example.ac.uk"


def line(title: str, when: str, **more: str) -> dict[str, str]:
    """Return an invented line."""
    rest = {"form": "", "advice": "", "waits": "", "link": f"{SITE}/records/1/milestones"}
    return {**rest, "title": title, "when": when, **more}


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    advice = "Apply three to four weeks before the interview."
    return {
        "name": "Rowan Fenwright",
        "own": [line("Transfer of status", "Saturday 4 December 2027, in 3 weeks", form="GSO.2", advice=advice)],
        "others": [
            line(
                "Wren Quillan: Annual report 2027",
                "Wednesday 30 June 2027, 12 days late",
                waits="handed in, waits for a signature",
            )
        ],
        "count": 2,
        "late": 1,
        "more": 0,
        "home": f"{SITE}/me",
    }


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders stand for."""
    return {"name": variables["name"]}


DESCRIPTION = Description(
    topic=Topic.RESEARCH,
    about="Ten, six, three and one week before a milestone, and weekly once it is late, as the reminders of the cohort"
    " say; one letter a person and day, with everything that is late or due within ten weeks.",
    to="Researchers, and whoever supervises them now",
    passages=(
        subject("Milestones of your doctorate, and of whom you supervise"),
        opening("Dear {name},\n\nThis is due soon, or late. Each has its page, with what to do next."),
        why("Sent because a milestone is yours, or that of somebody you supervise."),
    ),
    placeholders=(NAME,),
    values=values,
    cases=(
        case("Own, and of somebody supervised"),
        case("Own alone", others=[], count=1, late=0),
        case("Of those supervised alone", own=[], count=1),
    ),
)


def letters(base_url: str) -> tuple[Letter, ...]:
    """Return the kinds of letter of this room. They cannot be declined; who wants fewer has the letter of the day."""
    return (
        Letter(
            LETTER,
            "Milestones that are due",
            Purpose.SERVICE,
            partial(telling.compose, base_url=base_url),
            example,
            is_private=True,
            still_wanted=telling.still_wanted,
            compose_all=partial(telling.compose_all, base_url=base_url),
            description=DESCRIPTION,
        ),
    )
