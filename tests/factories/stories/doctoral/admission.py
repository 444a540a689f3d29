"""The stories that queue the letters of an admission."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from programme.people.identity import actor_of
from programme.strands.cohorts.admission.referees.actions import remind_before_the_end, remind_referees
from programme.strands.cohorts.admission.reviewing.appointing import share_out
from tests.factories import admissions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from programme.engines.registration.models import Registration
    from programme.strands.cohorts.models import Admission
    from tests.factories.desk import Desk

TITLE = "Corridor Doctoral Award: apply for 2027 – a call with a title that is rather long, & an ampersand"


def applied(desk: Desk) -> tuple[Admission, Registration]:
    """Alice applies to a cohort."""
    admission = admissions.call(desk.session, desk.cast, now=desk.now, title=TITLE)
    row = admissions.apply(desk.session, admission, desk.cast.alice, wishes=desk.cast.oxford, now=desk.now)
    return admission, row


def asked(desk: Desk) -> None:
    """Alice has her referees asked."""
    admissions.asked(desk.session, applied(desk)[1], now=desk.now)


def reminded(desk: Desk) -> None:
    """A referee has not answered three days before the end."""
    admissions.asked(desk.session, applied(desk)[1], now=desk.now)
    remind_before_the_end(desk.session, admissions.REFERENCES_BY - timedelta(days=2))


def lacking(desk: Desk) -> None:
    """Olga reminds, and Alice has named nobody."""
    admission, _ = applied(desk)
    remind_referees(desk.session, admission.id, actor=actor_of(desk.cast.olga), now=desk.now)


def shared(desk: Desk) -> None:
    """Olga shares applications out."""
    admission, _ = applied(desk)
    given: dict[str, Any] = {"address": "rory@example.org", "university": desk.cast.oxford, "now": desk.now}
    admissions.reviewer(desk.session, admission, desk.cast, **given)
    share_out(desk.session, admission.id, each=1, actor=actor_of(desk.cast.olga), now=desk.now)


STORIES: Mapping[str, Callable[[Desk], object]] = {
    "reference_asked": asked,
    "reference_due": reminded,
    "referees_wanted": lacking,
    "reviews_waiting": shared,
}
