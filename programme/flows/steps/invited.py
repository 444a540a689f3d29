"""The steps of invitations that nobody has answered: to register by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.words import long_date
from programme.engines.registration.drafts.queries import drafts_of
from programme.engines.registration.eligibility.invitations import unanswered
from programme.engines.registration.eligibility.links import token_of
from programme.engines.registration.queries import terms_of
from programme.engines.registration.terms import Window, window
from programme.flows.steps.forms import form_step
from programme.flows.steps.step import Act

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.eligibility.models import Invitation
    from programme.engines.registration.links import Links
    from programme.flows.steps.step import Step


@dataclass(frozen=True, slots=True)
class Invited:
    """What somebody is invited to, and can register for now."""

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Return a step for each invitation; where a form is begun already, that is the step."""
        found = unanswered(session, person_id)
        begun = {draft.opening_id for draft in drafts_of(session, person_id)} if found else set()
        for row in found:
            if row.opening_id not in begun and window(terms_of(row.opening), now) is Window.OPEN:
                yield invited_step(row, links=links, now=now)


def invited_step(row: Invitation, *, links: Links, now: datetime) -> Step:
    """Return the step of one invitation."""
    opening, page = row.opening, f"/invitations/{token_of(links, row.id, version=row.link_version)}"
    ahead = sorted(one.starts_at for one in opening.events if one.date_is_known and one.starts_at > now)
    return form_step(
        opening,
        Act("Register", page),
        about=f"invitation:{row.id}",
        look="ahead",
        words="You are invited",
        why=(f"{'It is' if len(opening.events) == 1 else 'It begins'} on {long_date(ahead[0])}.",) if ahead else (),
        due=opening.closes_at,
    )


INVITED = Invited()
