"""What somebody's calendar answered is told to them and goes with them; what was decided about goes after a month."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.registration.replies.keeping import REPLIES
from programme.engines.registration.replies.models import OddReply, SeatReply
from programme.engines.registration.replies.states import TrayState
from programme.flows.keeping.erasing import erase_person
from programme.people.identity import actor_of
from programme.people.keeping.ports import Subject, Times
from tests.flows.keeping.conftest import NOW, Held


def counts(session: Session) -> tuple[int, int]:
    """How many answers there are, and how many replies in the tray."""
    answers = session.scalar(select(func.count()).select_from(SeatReply)) or 0
    return answers, session.scalar(select(func.count()).select_from(OddReply)) or 0


def test_somebody_is_told_what_their_calendar_answered(session: Session, held: Held) -> None:
    who = Subject(held.petra.id, held.petra.name, held.petra.address, held.petra.address.lower())
    told = {section.name: list(section.rows) for section in REPLIES.held(session, who)}
    assert [row["answer"] for row in told["answers of your calendar"]] == ["accepted"]
    odd = told["answers of your calendar that organisers looked at"]
    assert [row["looked at because"] for row in odd] == ["Another time is proposed."] * 3
    assert [fate.what for fate in REPLIES.fates(session, who)] == ["4 answers of your calendar"]


def test_all_of_it_goes_with_them(session: Session, held: Held, keepers: Any) -> None:
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    session.commit()
    assert counts(session) == (0, 0)


def test_what_was_decided_goes_after_a_month_and_what_nobody_decided_with_the_letters(
    session: Session, held: Held
) -> None:
    first = session.scalars(select(OddReply).order_by(OddReply.id)).first()
    assert first is not None
    first.state, first.decided_at = TrayState.DISMISSED, NOW
    session.flush()
    assert REPLIES.retire(session, Times(), now=NOW + timedelta(days=29)) == 0
    assert REPLIES.retire(session, Times(), now=NOW + timedelta(days=31)) == 1
    assert REPLIES.retire(session, Times(), now=NOW + timedelta(days=364)) == 0
    assert REPLIES.retire(session, Times(), now=NOW + timedelta(days=366)) == 2
