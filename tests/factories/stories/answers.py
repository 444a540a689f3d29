"""The stories behind letters about answers: forms that are begun and not sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.engines.questionnaire.actions import add_question
from programme.engines.registration.drafts.actions import Typed
from programme.engines.registration.feedback.actions import begin
from programme.engines.registration.states import Attendance
from programme.flows.answering import follow_ups
from programme.flows.answering.drafts import begin_draft, remind_of_drafts
from programme.flows.answering.follow_ups import ensure_follow_up
from programme.flows.door.asking_how_it_was import ask_those_who_came
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from programme.engines.registration.models import Opening
    from tests.factories.desk import Desk

DAYS = timedelta(days=2)


def typed(address: str, *, name: str = "", **texts: list[str]) -> Typed:
    """Return a form as it is saved half-filled."""
    return Typed(name=name, address=address, texts={"email": [address], **texts}, asked_as="")


def begun(desk: Desk) -> Opening:
    """Somebody signed in saves a form of an opening that closes, and a guest without a name one that does not."""
    closing, endless = desk.opening(closes_at=desk.now + DAYS), desk.opening(title="A call without an end")
    alice, by_nobody = actor_of(desk.cast.alice), desk.by(NOBODY)
    begin_draft(desk.session, closing, typed(alice.address, name=alice.name), {}, **desk.by(alice))
    begin_draft(desk.session, endless, typed("gwen@example.org"), {}, **by_nobody)
    return closing


def waiting(desk: Desk) -> None:
    """The first of these closes soon."""
    begun(desk)
    remind_of_drafts(desk.session, desk.now + timedelta(days=1))


def asked(desk: Desk, *, answer_by: datetime | None = None) -> None:
    """The organisers ask a second form of Alice, who has a place."""
    opening, *_ = desk.taken()
    form = ensure_follow_up(desk.session, opening.id, now=desk.now)
    add_question(desk.session, form.questionnaire, kind="short_text", label="Which room do you want?")
    form.answer_by = answer_by
    follow_ups.ask(desk.session, opening.id, **desk.by(desk.olga))


def asked_twice(desk: Desk) -> None:
    """Until a day, and at any time."""
    asked(desk, answer_by=desk.now + timedelta(days=6))
    asked(desk)


def silent(desk: Desk) -> None:
    """She does not answer."""
    asked_twice(desk)
    follow_ups.remind_silent(desk.session, desk.now + timedelta(days=4))


def asked_how_it_was(desk: Desk) -> None:
    """Olga asks Alice, who came, and nobody else."""
    opening, alice, _ = desk.taken()
    alice.seats[0].attendance = Attendance.PRESENT
    begin(desk.session, opening.id, now=desk.now)
    ask_those_who_came(desk.session, opening, **desk.by(desk.olga))


STORIES: Mapping[str, Callable[[Desk], object]] = {
    "draft_begun": begun,
    "draft_waiting": waiting,
    "follow_up": asked_twice,
    "follow_up_reminder": silent,
}
