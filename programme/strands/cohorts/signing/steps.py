"""What My programme says of signatures: each thing that somebody is asked to sign, whatever kind it is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.calendar.times import london_day
from programme.flows.steps.step import Act, Kind, Step
from programme.people.states import Strand
from programme.strands.cohorts.signing.queries import waiting_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.links import Links
    from programme.strands.cohorts.models import Signature
    from programme.strands.cohorts.signing.links import SignatureLinks
    from programme.strands.cohorts.signing.ports import Described, SignedThings

MOST = 30


@dataclass(frozen=True, slots=True)
class SignatureSteps:
    """What somebody is asked to sign, also where the letter that asked is lost."""

    links: SignatureLinks
    things: SignedThings

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Give a step for each signature that waits, the first asked first."""
        del links
        asked = session.scalars(waiting_for(person_id, today=london_day(now)).limit(MOST)).all()
        wanted: dict[str, list[int]] = {}
        for one in asked:
            wanted.setdefault(one.subject_kind, []).append(one.subject_id)
        told = {kind: self.things[kind].described(session, ids) for kind, ids in wanted.items() if kind in self.things}
        for one in asked:
            thing = told.get(one.subject_kind, {}).get(one.subject_id)
            if thing is not None:
                yield signing_step(one, thing, self.links.path(one))


def signing_step(row: Signature, thing: Described, address: str) -> Step:
    """Return the step of what somebody is asked to sign: on the page of their link, as records may not be theirs."""
    return Step(
        kind=Kind.DO,
        about=f"signature:{row.id}",
        title=f"{thing.title} of {thing.about}",
        look="pending",
        words="To be signed",
        url=address,
        strand=Strand.COHORTS.value,
        why=("You are asked to sign it.",),
        next=Act("Read and sign", address),
    )
