"""Registrations that two keys decide about: asked, turned, delegated, withdrawn, and what becomes of places."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.approvals.actions import Turn
from programme.engines.approvals.models import Approval
from programme.engines.approvals.queries import key_of_link, latest_approval
from programme.engines.approvals.states import ApprovalState
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.changing import AnswersChange
from programme.engines.registration.deciding.queries import decision_terms
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening
from programme.engines.registration.openings.actions import edit, share
from programme.engines.registration.openings.editing.details import Details
from programme.engines.registration.states import PlacesBy
from programme.flows import admitting, registering
from programme.flows.deciding.escalating import hurry
from programme.flows.deciding.keys import delegate_key, take_back_delegation, turn_by_link, turn_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.deciding.settings import set_terms
from programme.flows.notices.keys.gathering import secrets_of
from programme.people.identity import actor_of
from programme.people.models import Person, Role
from tests.factories import cast, things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for, states
from tests.flows.deciding.conftest import NO, YES, key_of, letters, say

OLGA, OMAR = "olga@liverpool.example.ac.uk", "omar@oxford.example.ac.uk"


def test_who_registers_is_pending_and_each_university_is_asked(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    approval = latest_approval(session, "registration", row.id)
    assert approval is not None
    assert [key.organisation_id for key in approval.keys] == [people.liverpool.id, people.oxford.id]
    assert {key.due_at for key in approval.keys} == {NOW + timedelta(days=14)}
    assert letters(session) == [
        ("registration_pending", people.charlie.address),
        ("key_asked", OLGA),
        ("key_asked", OMAR),
    ]


def test_keys_have_their_days_after_the_day_until_which_answers_may_change(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    closes = NOW + timedelta(days=20)
    wanted = Wanted(decided_by=DecidedBy.KEYS, days=10, answers_change=AnswersChange.UNTIL, answers_until=closes)
    set_terms(session, opening.id, wanted, actor=actor_of(people.omar), now=NOW)
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    approval = latest_approval(session, "registration", row.id)
    assert approval is not None
    assert {key.due_at for key in approval.keys} == {closes + timedelta(days=10)}


def test_nobody_is_asked_before_the_address_is_proved(session: Session, opening: Opening, enter: Enter) -> None:
    row = enter(opening, "gwen@example.org").registration
    assert latest_approval(session, "registration", row.id) is None
    registering.prove_registration(session, row.id, now=NOW)
    session.commit()
    assert latest_approval(session, "registration", row.id) is not None
    assert [kind for kind, _ in letters(session)].count("key_asked") == 2


def test_two_yes_give_the_place_and_when_full_the_turn_to_wait(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    first = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    second = enter(opening, people.alice.address, actor=actor_for(people.alice)).registration
    for row in (first, second):
        say(session, row, people.olga, people.liverpool.id, YES)
        say(session, row, people.omar, people.oxford.id, YES)
    assert states(session) == {people.charlie.address: "confirmed", people.alice.address: "waitlisted"}
    assert letters(session)[-1] == ("registration_waitlisted", people.alice.address)
    assert ("registration_promoted", people.charlie.address) in letters(session)
    registering.cancel_registration(session, first.id, now=NOW)
    session.commit()
    assert states(session)[people.alice.address] == "confirmed", "both universities have said yes to her"


def test_one_no_refuses_in_the_words_for_the_person_and_never_the_reason(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, row, people.olga, people.liverpool.id, YES, reason="Strong.")
    say(session, row, people.omar, people.oxford.id, NO, reason="Weak in optics.", words="Apply again next year.")
    assert (states(session), row.reason) == ({people.charlie.address: "refused"}, "Apply again next year.")
    assert letters(session)[-1] == ("registration_refused", people.charlie.address)


def test_nobody_turns_the_key_of_the_other_university(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    oxfords = key_of(session, row, people.oxford.id)
    turned = Turn(says=YES, person_id=None)
    with pytest.raises(Refusal, match="another organisation"):
        turn_key(session, oxfords.id, turned, subjects=SUBJECTS, actor=actor_of(people.olga), now=NOW)
    session.rollback()
    with pytest.raises(Refusal, match="another organisation"):
        delegate_key(
            session,
            oxfords.id,
            name="Mine",
            address="mine@example.org",
            subjects=SUBJECTS,
            actor=actor_of(people.olga),
            now=NOW,
        )


@pytest.mark.parametrize("given", [{}, {"even_if_full": True}])
def test_no_other_door_leads_past_the_keys(
    session: Session, people: Cast, opening: Opening, enter: Enter, given: dict[str, Any]
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    omar = actor_of(people.omar)
    with pytest.raises(Refusal, match="key for each university"):
        admitting.promote_registration(session, row.id, actor=omar, now=NOW, **given)
    session.rollback()
    with pytest.raises(Refusal, match="key for each university"):
        admitting.refuse_registration(session, row.id, reason="", actor=omar, now=NOW)
    session.rollback()
    added = admitting.add_person(
        session, opening.id, name="Added", address="a@example.org", actor=omar, now=NOW, **given
    )
    session.commit()
    assert added.registration.state.value == "pending"
    assert latest_approval(session, "registration", added.registration.id) is not None
    say(session, row, people.omar, people.oxford.id, NO)
    with pytest.raises(Refusal, match="key for each university"):
        admitting.promote_registration(session, row.id, actor=omar, now=NOW, **given)


def test_a_link_turns_its_key_once_and_an_account_is_not_needed(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    key = key_of(session, row, people.oxford.id)
    omar = actor_of(people.omar)
    delegate_key(session, key.id, name="Pat", address="pat@example.org", subjects=SUBJECTS, actor=omar, now=NOW)
    session.commit()
    kind, to = letters(session)[-1]
    assert (kind, to) == ("key_asked", "pat@example.org")
    first, last = [secrets_of(one)[key.id] for one in outbox(session) if key.id in secrets_of(one)]
    old, new = (key_of_link(session, secret) for secret in (first, last))
    assert old is not None
    assert new is not None
    with pytest.raises(Refusal, match="given to somebody else"):
        turn_by_link(session, old, Turn(says=YES, person_id=None), subjects=SUBJECTS, now=NOW)
    session.rollback()
    assert turn_by_link(session, new, Turn(says=YES, person_id=None), subjects=SUBJECTS, now=NOW).changed
    session.commit()
    assert key.turned_by is not None
    assert key.turned_by.address == "pat@example.org"
    assert not turn_by_link(session, new, Turn(says=YES, person_id=None), subjects=SUBJECTS, now=NOW).changed
    with pytest.raises(Refusal, match="turned already: yes"):
        turn_by_link(session, new, Turn(says=NO, person_id=None), subjects=SUBJECTS, now=NOW)


def test_a_key_taken_back_is_its_organisers_again(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    key, omar = key_of(session, row, people.oxford.id), actor_of(people.omar)
    delegate_key(session, key.id, name="Pat", address="pat@example.org", subjects=SUBJECTS, actor=omar, now=NOW)
    take_back_delegation(session, key.id, subjects=SUBJECTS, actor=omar, now=NOW)
    link = key_of_link(session, secrets_of(outbox(session)[-1])[key.id])
    assert link is not None
    assert (key.delegate_id, link.ended_at) == (None, NOW)


def test_who_withdraws_is_not_decided_about_any_more(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    registering.cancel_registration(session, row.id, now=NOW)
    session.commit()
    approval = latest_approval(session, "registration", row.id)
    assert approval is not None
    assert approval.state is ApprovalState.WITHDRAWN
    with pytest.raises(Refusal, match="Nobody asks"):
        say(session, row, people.omar, people.oxford.id, YES)


def test_late_keys_are_reminded_of_and_told_once(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    wanted = Wanted(decided_by=DecidedBy.KEYS, escalation_address="dean@example.ac.uk")
    set_terms(session, opening.id, wanted, actor=actor_of(people.omar), now=NOW)
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, row, people.omar, people.oxford.id, YES)
    assert hurry(session, NOW + timedelta(days=11)) == 0
    assert (hurry(session, NOW + timedelta(days=12)), hurry(session, NOW + timedelta(days=12))) == (1, 0)
    assert letters(session)[-1] == ("key_due", OLGA)
    before = len(letters(session))
    assert (hurry(session, NOW + timedelta(days=14)), hurry(session, NOW + timedelta(days=15))) == (1, 0)
    told = letters(session)[before:]
    assert sorted(told) == [("key_late", "dean@example.ac.uk"), ("key_late", OLGA), ("key_late", OMAR)]


def test_those_who_wait_already_are_asked_about_when_keys_are_set(session: Session, people: Cast, enter: Enter) -> None:
    talk = things.event(session, lead=people.oxford)
    opening = things.opening(session, events=[talk], places_by=PlacesBy.DECISION, co_owners=[people.liverpool])
    session.commit()
    enter(opening, people.charlie.address, actor=actor_for(people.charlie))
    omar = actor_of(people.omar)
    assert set_terms(session, opening.id, Wanted(decided_by=DecidedBy.KEYS), actor=omar, now=NOW) == 1
    with pytest.raises(Refusal, match="holds a key"):
        share(session, opening.id, [], actor=omar, now=NOW)
    cast.grant(session, people.omar, Role.ORGANISER, organisation=people.liverpool)
    session.commit()
    both = actor_of(session.get_one(Person, people.omar.id, populate_existing=True))
    assert set_terms(session, opening.id, Wanted(), actor=both, now=NOW) == 0
    assert session.scalar(select(Approval.state)) is ApprovalState.WITHDRAWN
    share(session, opening.id, [], actor=both, now=NOW)


def test_whoever_waits_in_line_without_a_yes_is_decided_about_first(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    omar, keys = actor_of(people.omar), Wanted(decided_by=DecidedBy.KEYS)
    edit(session, opening.id, Details(title="School", capacity=1), actor=omar, now=NOW)
    terms = decision_terms(session, opening.id)
    assert terms is not None
    assert terms.decided_by is DecidedBy.ORGANISERS, "another way of giving places knows no keys"
    session.commit()
    for one in (people.alice, people.bob):
        enter(opening, one.address, actor=actor_for(one))
    by_decision = Details(title="School", capacity=1, places_by=PlacesBy.DECISION)
    edit(session, opening.id, by_decision, actor=omar, now=NOW)
    with pytest.raises(Refusal, match="no key has said yes"):
        set_terms(session, opening.id, keys, actor=omar, now=NOW)


@pytest.mark.parametrize(
    ("places_by", "words"),
    [(PlacesBy.FIRST_COME, "by decision"), (PlacesBy.DECISION, "Share this opening")],
)
def test_keys_need_a_decision_and_two_universities(
    session: Session, people: Cast, places_by: PlacesBy, words: str
) -> None:
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], places_by=places_by)
    with pytest.raises(Refusal, match=words):
        set_terms(session, row.id, Wanted(decided_by=DecidedBy.KEYS), actor=actor_of(people.omar), now=NOW)


def outbox(session: Session) -> list[OutboxMessage]:
    """Every letter, in order."""
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
