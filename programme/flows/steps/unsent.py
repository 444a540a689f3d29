"""The steps of forms that ask for more: those saved half-filled, and those that follow once somebody has a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.words import moment
from programme.engines.registration.drafts.links import draft_path
from programme.engines.registration.drafts.queries import drafts_of
from programme.engines.registration.follow_ups.queries import open_requests
from programme.flows.steps.forms import form_step
from programme.flows.steps.step import Act

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.drafts.models import Draft
    from programme.engines.registration.follow_ups.models import FollowUpRequest
    from programme.engines.registration.links import Links
    from programme.flows.steps.step import Step


@dataclass(frozen=True, slots=True)
class Unsent:
    """What somebody has not sent yet."""

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Return a step for each draft, and for each second form that nobody has answered."""
        for draft in drafts_of(session, person_id):
            yield draft_step(draft, draft_path(links, draft), now=now)
        for request in open_requests(session, person_id, now=now):
            yield request_step(request, f"{links.path(request.registration)}/follow-up")


def draft_step(draft: Draft, page: str, *, now: datetime) -> Step:
    """Return the step of a form that was saved half-filled."""
    opening = draft.opening
    return form_step(
        opening,
        Act("Go on with the form", page),
        about=f"draft:{draft.id}",
        look="draft",
        words="Not sent yet",
        why=(f"Saved {moment(draft.saved_at)}. You hold no place until you send it.",),
        due=opening.closes_at if opening.closes_at and opening.closes_at > now else None,
    )


def request_step(request: FollowUpRequest, page: str) -> Step:
    """Return the step of a second form."""
    return form_step(
        request.registration.opening,
        Act("Answer", page),
        about=f"follow-up:{request.registration_id}",
        look="pending",
        words="A few more questions",
        why=("You have a place, and the organisers ask a little more.",),
        due=request.follow_up.answer_by,
    )


UNSENT = Unsent()
