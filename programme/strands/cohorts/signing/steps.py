"""What My programme says of signatures: how many wait for somebody, and of a single one what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.words import long_date
from programme.engines.calendar.times import london_day
from programme.flows.steps.step import Act, Kind, Step
from programme.people.states import Strand
from programme.strands.cohorts.signing.queries import described, number_waiting, waiting_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.links import Links
    from programme.strands.cohorts.models import Signature
    from programme.strands.cohorts.signing.links import SignatureLinks
    from programme.strands.cohorts.signing.ports import SignedThings

HERE = "/me/signatures"


@dataclass(frozen=True, slots=True)
class SigningSteps:
    """What somebody is asked to sign: one step, however much it is."""

    links: SignatureLinks
    things: SignedThings

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Give a step where something waits; a single thing is opened at once, as records may not be theirs."""
        del links
        wanted = waiting_for(person_id, today=london_day(now))
        number = number_waiting(session, person_id, today=london_day(now))
        if not number:
            return
        first = session.scalars(wanted.limit(1)).one()
        asked = f", asked on {long_date(london_day(first.asked_at))}" if first.asked_at else ""
        for it in described(session, [first], self.things).values():
            title = f"{it.title} of {it.about}"
            if number == 1:
                yield step_of(title, self.address(first), f"You are asked to sign it{asked.removeprefix(', asked')}.")
            else:
                yield step_of(f"{number} things wait for your signature", HERE, f"The first: {title}{asked}.")

    def address(self, row: Signature) -> str:
        """Return where one thing is signed."""
        return self.links.path(row)


def step_of(title: str, address: str, why: str) -> Step:
    """Return the step of what is to be signed."""
    return Step(
        kind=Kind.DO,
        about="signatures",
        title=title,
        look="pending",
        words="To be signed",
        url=address,
        strand=Strand.COHORTS.value,
        why=(why,),
        next=Act("Read and sign", address),
    )
