"""The letter that asks where somebody is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.mail.states import Scope
from programme.engines.mail.wording.passages import Description, Topic
from programme.flows.notices.described.placeholders import NAME, TITLE, case, opening, subject, why
from programme.strands.cohorts.models import Candidature, Cohort, Destination
from programme.strands.cohorts.talent.actions import ASKED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.strands.cohorts.talent.links import DestinationLinks


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: DestinationLinks) -> Composed | None:
    """Write the letter; None where it was answered, or nobody is to be asked any more."""
    del now
    row = waiting(session, [message]).get(message.id)
    if row is None:
        return None
    return Composed(
        {
            "name": message.recipient_name,
            "title": row.candidature.cohort.title,
            "years": row.years,
            "link": links.url(row),
        },
        withheld={"link": f"{links.base_url}/destinations/hidden"},
    )


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose question is not answered yet."""
    del now
    return waiting(session, messages).keys()


def waiting(session: Session, messages: Sequence[OutboxMessage]) -> dict[int, Destination]:
    """Return what letters ask and is not answered, by the id of the letter: one statement."""
    ids = {message.id: int(message.context.get("destination", 0)) for message in messages}
    open_ones = (
        select(Destination)
        .where(Destination.id.in_(ids.values()), Destination.answered_at.is_(None), Destination.declined_at.is_(None))
        .options(joinedload(Destination.candidature).joinedload(Candidature.cohort).joinedload(Cohort.award))
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in session.scalars(open_ones) if row.candidature.person_id is not None}
    return {message_id: found[number] for message_id, number in ids.items() if number in found}


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    return {
        "name": "Rowan Fenwright",
        "title": "Corridor Doctoral Cohort 2025 (demo)",
        "years": 0,
        "link": "https://programme.example.ac.uk/destinations/1-example",
        "unsubscribe_url": "https://programme.example.ac.uk/letters/1-example/unsubscribe",
    }


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders stand for."""
    return {"name": variables["name"], "title": variables["title"]}


DESCRIPTION = Description(
    topic=Topic.RESEARCH,
    about="Half a year after somebody completed their doctorate, then every year for five years.",
    to="Whoever completed, and has not asked to be left in peace",
    needs=frozenset({"destination"}),
    passages=(
        subject("Where are you now?"),
        opening(
            "Dear {name},\n\nyou took your doctorate with {title}. Where are you now? Four questions, one minute, no"
            " account. Others see sums alone, and no number under 10."
            " There you can also say that you want to be asked no more."
        ),
        why("Sent because you completed a doctorate in this programme."),
    ),
    placeholders=(NAME, TITLE),
    values=values,
    cases=(case("The first destination"), case("A year later", years=1)),
)


def letters(links: DestinationLinks) -> tuple[Letter, ...]:
    """Return the kinds of letter of this room."""
    return (
        Letter(
            ASKED,
            "Where somebody is after their doctorate",
            Purpose.SERVICE,
            partial(compose, links=links),
            example,
            still_wanted=still_wanted,
            declinable=Scope.SERVICE,
            description=DESCRIPTION,
        ),
    )
