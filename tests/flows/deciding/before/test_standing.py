"""What a decision about many ended or emptied is there again once it is undone: a yes of a key, a time to prove."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.approvals.keeping import forget_about
from programme.engines.approvals.models import Approval
from programme.engines.approvals.queries import latest_approval
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.engines.registration import actions
from programme.engines.registration.deciding.models import DecisionLine
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy
from programme.flows.deciding.rounds import decide_round
from programme.flows.deciding.undoing import undo_round
from programme.flows.keeping.erasing import erase_registration
from programme.flows.roll.deciding import Verdict
from programme.people.identity import actor_of
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for
from tests.flows.deciding.conftest import YES, key_of, letters, say

LATER, LATER_STILL = NOW + timedelta(minutes=2), NOW + timedelta(minutes=4)


def decide(session: Session, row: Registration, verdict: Verdict, people: Cast) -> int:
    """Omar decides about one as about many; commits."""
    decided = decide_round(session, row.opening_id, [row.id], verdict, actor=actor_of(people.omar), now=LATER)
    session.commit()
    assert decided.round is not None, decided.carried.problems
    return decided.round.id


def undo(session: Session, made: int, people: Cast) -> None:
    """Omar undoes it, and nothing is in the way; commits."""
    undone = undo_round(session, made, actor=actor_of(people.omar), now=LATER_STILL)
    session.commit()
    assert (undone.problems, undone.remarks) == ([], [])


def test_a_yes_that_one_key_had_said_is_there_again(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    charlie = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, charlie, people.olga, people.liverpool.id, YES, reason="Strong.")
    asked, told = latest_approval(session, "registration", charlie.id), letters(session)
    made = decide(session, charlie, Verdict.CANCELLATION, people)
    assert asked is not None
    assert asked.state is ApprovalState.WITHDRAWN
    undo(session, made, people)
    assert latest_approval(session, "registration", charlie.id) is asked
    assert (charlie.state, asked.state, asked.decided_at) == ("pending", ApprovalState.OPEN, None)
    liverpools = key_of(session, charlie, people.liverpool.id)
    assert (liverpools.state, liverpools.reason) == (KeyState.YES, "Strong.")
    assert key_of(session, charlie, people.oxford.id).state is KeyState.WAITING
    asked_anew = [letter for letter in letters(session)[len(told) :] if letter[0] != "registration_cancelled"]
    assert asked_anew == [], "nobody is asked a second time"
    say(session, charlie, people.omar, people.oxford.id, YES)
    assert charlie.state == "confirmed"


def test_what_was_ended_goes_with_whom_it_was_about(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    charlie = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, charlie, people.olga, people.liverpool.id, YES, reason="Strong.")
    decide(session, charlie, Verdict.CANCELLATION, people)
    assert session.scalars(select(DecisionLine.withdrawn_id)).one() is not None
    erase_registration(session, charlie, app.extensions["keepers"], now=LATER)
    session.commit()
    for table in (Approval, DecisionLine):
        assert session.scalars(select(table)).all() == []


def test_an_approval_that_is_gone_is_asked_anew(session: Session, people: Cast, opening: Opening, enter: Enter) -> None:
    charlie = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, charlie, people.olga, people.liverpool.id, YES, reason="Strong.")
    made = decide(session, charlie, Verdict.CANCELLATION, people)
    forget_about(session, "registration", [charlie.id])
    session.commit()
    session.expire_all()
    assert session.scalars(select(DecisionLine.withdrawn_id)).one() is None
    undo(session, made, people)
    assert {key_of(session, charlie, one.id).state for one in (people.liverpool, people.oxford)} == {KeyState.WAITING}


def test_until_when_an_address_is_to_be_proved_is_there_again(session: Session, people: Cast, enter: Enter) -> None:
    talk = things.event(session, lead=people.oxford)
    opening = things.opening(session, events=[talk], capacity=1, offer_hours=24)
    session.commit()
    charlie = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    guest = enter(opening, "guest@example.org").registration
    prove_by = guest.prove_by
    assert prove_by is not None
    made = decide(session, charlie, Verdict.CANCELLATION, people)
    assert (guest.state, guest.prove_by) == ("offered", None)
    undo(session, made, people)
    assert (guest.state, guest.prove_by, guest.offered_at, guest.answer_by) == ("waitlisted", prove_by, None, None)


def test_what_somebody_has_proved_meanwhile_stays_proved(session: Session, people: Cast, enter: Enter) -> None:
    talk = things.event(session, lead=people.oxford)
    opening = things.opening(session, events=[talk], capacity=1, places_by=PlacesBy.DECISION)
    session.commit()
    guest = enter(opening, "guest@example.org").registration
    made = decide(session, guest, Verdict.PROMOTION, people)
    actions.prove(session, guest.id, now=LATER)
    session.commit()
    undo(session, made, people)
    assert (guest.state, guest.prove_by) == ("pending", None)
