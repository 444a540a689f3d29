"""Registering where places are kept for both universities: who has a place, who waits, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.registration.models import Opening, Quota, Registration
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.flows import admitting
from programme.flows.registering import cancel_registration, lapse_unproved_holds, prove_registration
from programme.flows.roll.opening import edit_opening
from programme.people.affiliations import prove_tie
from programme.people.identity import actor_of
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, letters, states
from tests.flows.sharing.conftest import details_of, lots, oxonians, scousers

ANNA, BEN = "anna@example.org", "ben@example.org"


def test_kept_places_wait_for_their_members_while_others_join_the_list(
    session: Session, shared: Opening, enter: Enter
) -> None:
    """Four places, one kept for Liverpool and one for Oxford."""
    for address in [*scousers(4), *oxonians(2)]:
        enter(shared, address)
    one, two, three, four, first, second = states(session).values()
    assert (one, two, three, four) == ("confirmed", "confirmed", "confirmed", "waitlisted")
    assert (first, second) == ("confirmed", "waitlisted")


def test_who_waits_for_a_place_kept_for_others_stands_in_nobodys_way(
    session: Session, shared: Opening, enter: Enter
) -> None:
    for address in [*scousers(5), ANNA]:
        enter(shared, address)
    enter(shared, "late@oxford.example.ac.uk")
    assert states(session)["late@oxford.example.ac.uk"] == "confirmed"
    assert states(session)[ANNA] == "waitlisted"


def test_a_place_given_back_goes_to_its_own_share_first(session: Session, shared: Opening, enter: Enter) -> None:
    scouse = [enter(shared, address).registration for address in scousers(3)]
    oxford = enter(shared, oxonians(1)[0]).registration
    waiting = [enter(shared, address).registration for address in [*scousers(5)[3:], *oxonians(3)[1:]]]
    cancel_registration(session, oxford.id, now=NOW)
    session.commit()
    assert states(session)[waiting[2].address] == "confirmed"
    cancel_registration(session, scouse[0].id, now=NOW)
    session.commit()
    assert states(session)[waiting[0].address] == "confirmed"
    assert [kind for kind, _ in letters(session)].count("registration_promoted") == 2


def test_what_somebody_merely_says_counts_for_nothing(session: Session, people: Cast, shared: Opening) -> None:
    row = lots(session, shared, [ANNA], says=people.oxford.id)[0]
    assert (row.organisation_id, row.counts_for_id) == (people.oxford.id, None)


def test_an_organiser_who_adds_somebody_vouches_for_where_they_belong(
    session: Session, people: Cast, shared: Opening, enter: Enter
) -> None:
    for address in scousers(3):
        enter(shared, address)
    entered = admitting.add_person(
        session,
        shared.id,
        name="Anna",
        address=ANNA,
        organisation_id=people.oxford.id,
        actor=actor_of(people.omar),
        now=NOW,
    )
    assert entered.registration.state is RegistrationState.CONFIRMED
    assert entered.registration.counts_for_id == people.oxford.id


def test_of_two_universities_the_home_one_counts(session: Session, people: Cast, shared: Opening, enter: Enter) -> None:
    prove_tie(session, people.bob, people.liverpool, now=NOW)
    session.commit()
    row = enter(shared, people.bob.address, actor=actor_of(people.bob)).registration
    assert row.counts_for_id == people.oxford.id


def test_of_two_universities_the_one_for_which_places_are_kept_counts(
    session: Session, people: Cast, shared: Opening, enter: Enter
) -> None:
    prove_tie(session, people.bob, people.liverpool, now=NOW)
    shared.quotas = [quota for quota in shared.quotas if quota.organisation_id == people.liverpool.id]
    session.commit()
    row = enter(shared, people.bob.address, actor=actor_of(people.bob)).registration
    assert row.counts_for_id == people.liverpool.id


def test_an_address_nobody_proves_gives_the_place_of_the_share_back(
    session: Session, shared: Opening, enter: Enter
) -> None:
    held = enter(shared, oxonians(1)[0]).registration
    for address in scousers(4):
        enter(shared, address)
    assert held.prove_by is not None
    lapse_unproved_holds(session, held.prove_by)
    session.commit()
    enter(shared, "second@oxford.example.ac.uk")
    assert states(session)["second@oxford.example.ac.uk"] == "confirmed"


def test_where_only_proved_addresses_count_a_guest_waits_until_they_prove_it(
    session: Session, people: Cast, shared: Opening, enter: Enter
) -> None:
    shared.counts_when_proved = True
    session.commit()
    for address in (people.alice.address, *(f"g{one}@example.org" for one in range(2))):
        enter(
            shared,
            address,
            actor=actor_of(people.alice) if address == people.alice.address else actor_of(people.charlie),
        )
    guest = enter(shared, oxonians(1)[0]).registration
    assert (guest.state, guest.counts_for_id) == (RegistrationState.WAITLISTED, None)
    prove_registration(session, guest.id, now=NOW)
    session.commit()
    assert states(session)[guest.address] == "confirmed"
    assert letters(session)[-1] == ("registration_promoted", guest.address)


def test_more_places_move_up_whoever_may_have_them(
    session: Session, people: Cast, shared: Opening, enter: Enter
) -> None:
    for address in scousers(5):
        enter(shared, address)
    edited = edit_opening(session, shared.id, details_of(shared, capacity=5), actor=actor_of(people.olga), now=NOW)
    session.commit()
    assert [row.address for row in edited.promoted] == [scousers(5)[3]]


def test_keeping_fewer_places_moves_up_whoever_waited_longest(
    session: Session, people: Cast, shared: Opening, enter: Enter
) -> None:
    for address in [*scousers(3), ANNA, BEN]:
        enter(shared, address)
    edited = edit_opening(session, shared.id, details_of(shared, quotas=()), actor=actor_of(people.olga), now=NOW)
    session.commit()
    assert [row.address for row in edited.promoted] == [ANNA]


def test_keeping_places_later_takes_none_from_anybody(
    session: Session, people: Cast, shared: Opening, enter: Enter
) -> None:
    kept = details_of(shared)
    shared.quotas = []
    session.commit()
    for address in scousers(4):
        enter(shared, address)
    edit_opening(session, shared.id, kept, actor=actor_of(people.olga), now=NOW)
    session.commit()
    assert set(states(session).values()) == {"confirmed"}
    enter(shared, oxonians(1)[0])
    assert states(session)[oxonians(1)[0]] == "waitlisted"


def test_a_place_kept_for_others_is_given_out_of_turn_only_beyond_it(
    session: Session, people: Cast, shared: Opening, enter: Enter
) -> None:
    rows = [enter(shared, address).registration for address in scousers(4)]
    with pytest.raises(Refusal, match="kept for members of others"):
        admitting.promote_registration(session, rows[3].id, actor=actor_of(people.olga), now=NOW)
    session.rollback()
    admitting.promote_registration(session, rows[3].id, actor=actor_of(people.olga), now=NOW, even_if_full=True)
    session.commit()
    assert states(session)[rows[3].address] == "confirmed"


def test_without_a_waiting_list_others_are_told_for_whom_places_are_kept(
    session: Session, shared: Opening, enter: Enter
) -> None:
    shared.has_waiting_list = False
    session.commit()
    for address in scousers(3):
        enter(shared, address)
    with pytest.raises(Refusal, match="kept for members of others, and there is no waiting list"):
        enter(shared, ANNA)


def test_a_ballot_keeps_the_shares_and_tells_each_how_they_were_drawn(
    session: Session, people: Cast, shared: Opening, enter: Enter
) -> None:
    shared.places_by = PlacesBy.BALLOT
    session.commit()
    for address in [*scousers(9), oxonians(1)[0]]:
        enter(shared, address)
    drawn = admitting.draw_places(session, shared.id, actor=actor_of(people.olga), now=NOW + timedelta(days=1))
    session.commit()
    assert len(drawn.winners) == 4
    assert states(session)[oxonians(1)[0]] == "confirmed"
    reasons = session.scalars(select(Registration.reason)).all()
    assert sorted(reason.split(" of 10")[0] for reason in reasons) == sorted(
        f"You were drawn {one}" for one in ("1st", "2nd", "3rd", *(f"{number}th" for number in range(4, 11)))
    )
    assert {reason.split("10, ")[1] for reason in reasons} == {
        "for 4 places, of which 1 for Liverpool and 1 for Oxford were kept."
    }


def test_a_room_with_fewer_chairs_keeps_the_shares_among_them(session: Session, people: Cast, enter: Enter) -> None:
    row = things.opening(session, events=[things.event(session, lead=people.oxford, room_capacity=3)], capacity=30)
    row.quotas = [Quota(organisation_id=people.oxford.id, places=1, release_days=3)]
    session.commit()
    for address in [*scousers(3), *oxonians(1)]:
        enter(row, address)
    assert list(states(session).values()) == ["confirmed", "confirmed", "waitlisted", "confirmed"]
