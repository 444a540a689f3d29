"""One decision about many: foreseen, made, its letters held, and undone as long as they wait."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.approvals.queries import latest_approval
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.deciding.keys import ask_anew
from programme.engines.registration.deciding.queries import PAUSE, decision_terms
from programme.engines.registration.decisions import CAME_BACK
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy
from programme.flows import admitting, registering
from programme.flows.deciding.foreseeing import PLACE, REGISTERED_AGAIN, STAYS, WAIT, foreseen
from programme.flows.deciding.rounds import WINDOW, decide_round
from programme.flows.deciding.undoing import pause_of, undo_round
from programme.flows.roll.deciding import Manner, Verdict
from programme.flows.sharing.moving_up import awaited, move_up
from programme.people.identity import actor_of
from programme.people.models import Person
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for, states
from tests.flows.deciding.conftest import YES, key_of, say

LATER = NOW + timedelta(minutes=2)
GIVE, REFUSE, CANCEL = Verdict.PROMOTION, Verdict.REFUSAL, Verdict.CANCELLATION


@pytest.fixture
def by_hand(session: Session, people: Cast) -> Opening:
    """Two places that the organisers give."""
    talk = things.event(session, lead=people.oxford)
    row = things.opening(session, events=[talk], capacity=2, places_by=PlacesBy.DECISION)
    session.commit()
    return row


def all_of(people: Cast, opening: Opening, enter: Enter) -> list[Registration]:
    """Charlie, Alice and Bob register."""
    some = (people.charlie, people.alice, people.bob)
    return [enter(opening, one.address, actor=actor_for(one)).registration for one in some]


def waiting_letters(session: Session) -> list[tuple[str, str, bool]]:
    """The letters about decisions: which, where they stand, and whether they wait for later."""
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    kinds = ("registration_promoted", "registration_refused", "registration_cancelled")
    return [(row.letter, row.state.value, row.due_at > LATER) for row in rows if row.letter in kinds]


def decide(
    session: Session, opening: Opening, rows: Sequence[Registration], verdict: Verdict, who: Person, **given: str
) -> int:
    """Decide about some at once; commits and returns the round."""
    ids = [row.id for row in rows]
    manner = Manner(reason=given.get("reason", ""), why=given.get("why", ""))
    decided = decide_round(session, opening.id, ids, verdict, actor=actor_of(who), now=LATER, manner=manner)
    session.commit()
    assert decided.round is not None, decided.carried.problems
    return decided.round.id


def test_places_are_given_as_foreseen_and_letters_wait(
    session: Session, people: Cast, by_hand: Opening, enter: Enter
) -> None:
    rows = all_of(people, by_hand, enter)
    told = foreseen(session, by_hand, rows, GIVE, actor=actor_of(people.omar), now=NOW)
    assert list(told.words.values()) == [PLACE, PLACE, STAYS]
    decide(session, by_hand, rows, GIVE, people.omar)
    assert list(states(session).values()) == ["confirmed", "confirmed", "pending"]
    assert waiting_letters(session) == [("registration_promoted", "pending", True)] * 2


def test_undone_everybody_stands_as_before_and_nobody_is_told(
    session: Session, people: Cast, by_hand: Opening, enter: Enter
) -> None:
    rows = all_of(people, by_hand, enter)
    made = decide(session, by_hand, rows, GIVE, people.omar)
    undone = undo_round(session, made, actor=actor_of(people.omar), now=LATER)
    session.commit()
    assert (len(undone.done), undone.problems) == (2, [])
    assert list(states(session).values()) == ["pending"] * 3
    assert [row.confirmed_at for row in rows] == [None] * 3
    assert waiting_letters(session) == [("registration_promoted", "cancelled", True)] * 2
    with pytest.raises(Refusal, match="undone already"):
        undo_round(session, made, actor=actor_of(people.omar), now=LATER)


def test_a_refusal_undone_gives_the_place_back_and_who_moved_up_waits_again(
    session: Session, people: Cast, enter: Enter
) -> None:
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=1)
    session.commit()
    charlie, alice, bob = all_of(people, opening, enter)
    told = foreseen(session, opening, [charlie], REFUSE, actor=actor_of(people.omar), now=NOW)
    assert told.followers == (alice.name,)
    made = decide(session, opening, [charlie], REFUSE, people.omar, reason="Not this time.")
    assert list(states(session).values()) == ["refused", "confirmed", "waitlisted"]
    undone = undo_round(session, made, actor=actor_of(people.omar), now=LATER)
    session.commit()
    assert undone.problems == []
    assert list(states(session).values()) == ["confirmed", "waitlisted", "waitlisted"]
    assert (charlie.reason, charlie.ended_at, charlie.confirmed_at) == ("", None, NOW)
    assert alice.joined_at <= bob.joined_at
    assert {state for _, state, _ in waiting_letters(session)} == {"cancelled"}


def test_what_has_happened_since_stands_and_is_said(
    session: Session, people: Cast, by_hand: Opening, enter: Enter
) -> None:
    charlie, alice, _ = all_of(people, by_hand, enter)
    made = decide(session, by_hand, [charlie, alice], GIVE, people.omar)
    registering.cancel_registration(session, charlie.id, now=LATER)
    session.commit()
    undone = undo_round(session, made, actor=actor_of(people.omar), now=LATER)
    session.commit()
    assert undone.problems == [f"{charlie.name}: Something else has happened since, and stands."]
    assert list(states(session).values()) == ["cancelled", "pending", "pending"]


def test_a_place_taken_meanwhile_is_not_taken_back(session: Session, people: Cast, enter: Enter) -> None:
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=1)
    session.commit()
    charlie = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    made = decide(session, opening, [charlie], CANCEL, people.omar)
    enter(opening, people.alice.address, actor=actor_for(people.alice), now=LATER)
    undone = undo_round(session, made, actor=actor_of(people.omar), now=LATER)
    assert undone.problems == [f"{charlie.name}: Their place has gone to somebody else meanwhile."]


def test_somebody_beyond_the_places_gets_the_own_one_back(session: Session, people: Cast, enter: Enter) -> None:
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=1)
    session.commit()
    _, alice, _ = all_of(people, opening, enter)
    admitting.promote_registration(session, alice.id, actor=actor_of(people.omar), now=NOW, even_if_full=True)
    made = decide(session, opening, [alice], REFUSE, people.omar)
    assert undo_round(session, made, actor=actor_of(people.omar), now=LATER).problems == []
    assert list(states(session).values()) == ["confirmed", "confirmed", "waitlisted"]


def test_keys_are_taken_back_by_nobody_else_and_not_where_asked_anew(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    charlie = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    made = decide(session, opening, [charlie], GIVE, people.omar)
    with pytest.raises(Refusal, match="Another university"):
        undo_round(session, made, actor=actor_of(people.olga), now=LATER)
    session.rollback()
    ask_anew(session, charlie, decision_terms(session, opening.id), now=LATER)
    session.commit()
    undone = undo_round(session, made, actor=actor_of(people.omar), now=LATER)
    assert undone.problems == [f"{charlie.name}: Something else has happened since, and stands."]


def test_who_registered_again_keeps_the_new_one(session: Session, people: Cast, by_hand: Opening, enter: Enter) -> None:
    charlie = enter(by_hand, people.charlie.address, actor=actor_for(people.charlie)).registration
    made = decide(session, by_hand, [charlie], CANCEL, people.omar)
    enter(by_hand, people.charlie.address, actor=actor_for(people.charlie), now=LATER)
    undone = undo_round(session, made, actor=actor_of(people.omar), now=LATER)
    assert undone.problems == [f"{charlie.name}: They have registered again meanwhile."]


def test_once_letters_go_it_stands(session: Session, people: Cast, by_hand: Opening, enter: Enter) -> None:
    rows = all_of(people, by_hand, enter)
    made = decide(session, by_hand, rows[:2], GIVE, people.omar)
    with pytest.raises(Refusal, match="have gone"):
        undo_round(session, made, actor=actor_of(people.omar), now=LATER + WINDOW)
    session.rollback()
    sent = OutboxMessage.recipient == rows[0].address
    session.execute(update(OutboxMessage).where(sent).values(state=OutboxState.SENT))
    undone = undo_round(session, made, actor=actor_of(people.omar), now=LATER)
    session.commit()
    assert undone.problems == [f"{rows[0].name}: The letter has gone already."]
    assert list(states(session).values()) == ["confirmed", "pending", "pending"]


def test_where_keys_decide_one_turns_only_the_own_and_undoing_lets_it_wait(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    charlie, alice, bob = all_of(people, opening, enter)
    for row in (charlie, alice):
        say(session, row, people.olga, people.liverpool.id, YES)
    omar = actor_of(people.omar)
    told = foreseen(session, opening, [charlie, alice, bob], GIVE, actor=omar, now=NOW).words
    assert (told[charlie.id], told[alice.id]) == (PLACE, WAIT)
    assert told[bob.id].startswith("Your key says yes. Then it waits for Liverpool")
    made = decide(session, opening, [charlie, alice, bob], GIVE, people.omar)
    assert list(states(session).values()) == ["confirmed", "waitlisted", "pending"]
    assert key_of(session, bob, people.oxford.id).state is KeyState.YES
    undone = undo_round(session, made, actor=omar, now=LATER)
    session.commit()
    assert undone.problems == []
    assert list(states(session).values()) == ["pending"] * 3
    for row, liverpools in ((charlie, KeyState.YES), (alice, KeyState.YES), (bob, KeyState.WAITING)):
        approval = latest_approval(session, "registration", row.id)
        assert approval is not None
        assert approval.state is ApprovalState.OPEN
        assert key_of(session, row, people.liverpool.id).state is liverpools
        assert key_of(session, row, people.oxford.id).state is KeyState.WAITING


def test_a_key_turned_with_many_keeps_why_and_the_letter_never_says_it(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    charlie, alice, _ = all_of(people, opening, enter)
    decide(session, opening, [charlie], REFUSE, people.omar, reason="Next year.", why="Too early for him.")
    decide(session, opening, [alice], GIVE, people.omar, why="Strong.")
    refused, granted = (key_of(session, row, people.oxford.id) for row in (charlie, alice))
    assert (refused.words, refused.reason) == ("Next year.", "Too early for him.")
    assert (granted.words, granted.reason) == ("", "Strong.")
    assert charlie.reason == "Next year."
    told = session.scalars(select(OutboxMessage)).all()
    assert not [row for row in told if "early" in f"{row.context}" or "Strong" in f"{row.context}"]


def test_a_no_of_one_key_undone_lets_both_wait(session: Session, people: Cast, opening: Opening, enter: Enter) -> None:
    charlie = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    made = decide(session, opening, [charlie], REFUSE, people.omar, reason="Next year.")
    assert (list(states(session).values()), charlie.reason) == (["refused"], "Next year.")
    undo_round(session, made, actor=actor_of(people.omar), now=LATER)
    session.commit()
    assert (list(states(session).values()), charlie.reason) == (["pending"], "")
    say(session, charlie, people.olga, people.liverpool.id, YES)
    say(session, charlie, people.omar, people.oxford.id, YES)
    assert list(states(session).values()) == ["confirmed"]


def test_whoever_was_refused_and_registered_again_is_not_brought_back(
    session: Session, people: Cast, by_hand: Opening, enter: Enter
) -> None:
    row = enter(by_hand, people.alice.address, actor=actor_for(people.alice)).registration
    admitting.refuse_registration(session, row.id, reason="", actor=actor_of(people.omar), now=NOW)
    enter(by_hand, people.alice.address, actor=actor_for(people.alice), now=LATER)
    told = foreseen(session, by_hand, [row], GIVE, actor=actor_of(people.omar), now=LATER)
    assert told.words == {row.id: REGISTERED_AGAIN}
    decided = decide_round(session, by_hand.id, [row.id], GIVE, actor=actor_of(people.omar), now=LATER)
    assert decided.carried.problems == [f"{row.name}: {CAME_BACK}"]


@pytest.mark.parametrize("verdict", [GIVE, Verdict.OFFER])
def test_after_undoing_nobody_gets_the_place_again_at_once_and_later_the_list_moves_on(
    session: Session, people: Cast, enter: Enter, verdict: Verdict
) -> None:
    talk = things.event(session, lead=people.oxford)
    opening = things.opening(session, events=[talk], capacity=1, offer_hours=24)
    session.commit()
    rows = all_of(people, opening, enter)
    opening.capacity = 2  # as a quota is released, or a room made larger, before the list moves
    session.commit()
    made = decide(session, opening, rows[1:2], verdict, people.omar)
    before = len(waiting_letters(session))
    undo_round(session, made, actor=actor_of(people.omar), now=LATER)
    session.commit()
    assert list(states(session).values()) == ["confirmed", "waitlisted", "waitlisted"]
    assert pause_of(session, opening, now=LATER) == LATER + PAUSE
    assert awaited(session, LATER + PAUSE - timedelta(seconds=1)) == []
    assert move_up(session, opening.id, now=LATER + PAUSE - timedelta(seconds=1)) == 0
    assert len(waiting_letters(session)) == before, "nobody is told anything"
    after = LATER + PAUSE
    assert awaited(session, after) == [opening.id]
    assert move_up(session, opening.id, now=after) == 1
    session.commit()
    assert list(states(session).values()) == ["confirmed", "offered", "waitlisted"]


def test_a_newcomer_waits_behind_those_in_line_while_nobody_moves_up(
    session: Session, people: Cast, enter: Enter
) -> None:
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=1)
    session.commit()
    for who in (people.alice, people.bob):
        enter(opening, who.address, actor=actor_for(who))
    opening.capacity = 2
    session.commit()
    bob = session.scalars(select(Registration).where(Registration.address == people.bob.address)).one()
    undo_round(session, decide(session, opening, [bob], GIVE, people.omar), actor=actor_of(people.omar), now=LATER)
    session.commit()
    enter(opening, people.charlie.address, actor=actor_for(people.charlie), now=LATER)
    assert list(states(session).values()) == ["confirmed", "waitlisted", "waitlisted"]
