"""A place that comes free is offered: taken, let go or lapsed, in order, once, and each is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.offers.actions import overdue_offers
from programme.flows import admitting
from programme.flows.offering.answering import let_offer_go, take_offer
from programme.flows.offering.giving import lapse_if_due, offer_place
from programme.flows.registering import cancel_registration
from programme.people.permissions import Actor
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, letters, states

ANNA, BEN, CLEO, DORA = (f"{name}@example.org" for name in ("anna", "ben", "cleo", "dora"))
UNTIL = NOW + timedelta(hours=48)


@pytest.fixture
def offers(session: Session, opening: Opening) -> Opening:
    """One place, offered for two days to whoever is next."""
    opening.offer_hours = 48
    session.commit()
    return opening


@pytest.fixture
def offered(session: Session, offers: Opening, enter: Enter) -> Registration:
    """Anna had the place and gave it back; it is offered to Ben, and Cleo and Dora wait."""
    first = enter(offers, ANNA).registration
    ben = enter(offers, BEN).registration
    enter(offers, CLEO)
    enter(offers, DORA)
    cancel_registration(session, first.id, now=NOW)
    session.commit()
    return ben


def row_of(session: Session, address: str) -> Registration:
    session.expire_all()
    return session.scalars(select(Registration).where(Registration.address == address)).one()


def organiser(people: Cast) -> Actor:
    return Actor(person_id=people.omar.id, name=people.omar.name, address=people.omar.address)


def test_a_free_place_is_offered_to_whoever_has_waited_longest(session: Session, offered: Registration) -> None:
    assert states(session) == {ANNA: "cancelled", BEN: "offered", CLEO: "waitlisted", DORA: "waitlisted"}
    assert row_of(session, BEN).answer_by == UNTIL
    assert letters(session)[-1] == ("place_offered", BEN)


def test_a_place_that_is_offered_is_nobody_elses(session: Session, offered: Registration, enter: Enter) -> None:
    enter(offered.opening, "emil@example.org")
    assert states(session)["emil@example.org"] == "waitlisted"


def test_whoever_takes_it_has_it_and_two_clicks_are_one(session: Session, offered: Registration) -> None:
    for changed in (True, False):
        assert take_offer(session, offered.id, now=UNTIL - timedelta(minutes=1)).changed is changed
        session.commit()
    assert states(session)[BEN] == "confirmed"
    assert row_of(session, BEN).prove_by is None
    assert [letter for letter in letters(session) if letter[1] == BEN][-1] == ("registration_confirmed", BEN)
    assert letters(session).count(("registration_confirmed", BEN)) == 1


def test_whoever_lets_it_go_passes_it_on_at_once(session: Session, offered: Registration) -> None:
    for changed in (True, False):
        assert let_offer_go(session, offered.id, now=NOW).changed is changed
        session.commit()
    assert states(session) == {ANNA: "cancelled", BEN: "cancelled", CLEO: "offered", DORA: "waitlisted"}
    assert letters(session)[-2:] == [("offer_let_go", BEN), ("place_offered", CLEO)]
    assert row_of(session, BEN).reason == "The place was offered, and let go."


def test_an_offer_lapses_at_its_deadline_and_passes_on_with_a_deadline_of_its_own(
    session: Session, offered: Registration
) -> None:
    assert overdue_offers(session, UNTIL - timedelta(seconds=1)) == []
    assert lapse_if_due(session, offered.opening_id, now=UNTIL - timedelta(seconds=1)) == 0
    session.commit()
    assert overdue_offers(session, UNTIL) == [offered.opening_id]
    for number in (1, 0):
        assert lapse_if_due(session, offered.opening_id, now=UNTIL) == number
        session.commit()
    assert states(session) == {ANNA: "cancelled", BEN: "lapsed", CLEO: "offered", DORA: "waitlisted"}
    assert row_of(session, CLEO).answer_by == UNTIL + timedelta(hours=48)
    assert letters(session)[-2:] == [("offer_lapsed", BEN), ("place_offered", CLEO)]
    assert "there was no answer" in row_of(session, BEN).reason


@pytest.mark.one_database
def test_what_has_run_out_is_not_taken_even_before_it_lapsed(session: Session, offered: Registration) -> None:
    with pytest.raises(Refusal, match="ran out"):
        take_offer(session, offered.id, now=UNTIL)
    session.rollback()
    lapse_if_due(session, offered.opening_id, now=UNTIL)
    with pytest.raises(Refusal, match="ran out"):
        take_offer(session, offered.id, now=UNTIL)


@pytest.mark.one_database
def test_what_was_taken_is_not_let_go_and_what_was_let_go_is_not_taken(
    session: Session, offered: Registration, enter: Enter
) -> None:
    take_offer(session, offered.id, now=NOW)
    with pytest.raises(Refusal, match="taken this place already"):
        let_offer_go(session, offered.id, now=NOW)
    cleo = row_of(session, CLEO)
    with pytest.raises(Refusal, match="No place is offered"):
        take_offer(session, cleo.id, now=NOW)


@pytest.mark.one_database
def test_what_is_called_off_is_not_taken_and_lapses_without_a_word(session: Session, offered: Registration) -> None:
    offered.opening.events[0].state = EventState.CANCELLED
    session.commit()
    with pytest.raises(Refusal, match="cancelled"):
        take_offer(session, offered.id, now=NOW)
    before = letters(session)
    lapse_if_due(session, offered.opening_id, now=UNTIL)
    assert states(session)[BEN] == "lapsed"
    assert states(session)[CLEO] == "waitlisted"
    assert letters(session) == before


@pytest.mark.one_database
@pytest.mark.parametrize(("before", "state"), [(timedelta(hours=10), "confirmed"), (timedelta(days=20), "offered")])
def test_too_near_the_event_the_place_is_given_at_once(
    session: Session, offers: Opening, enter: Enter, before: timedelta, state: str
) -> None:
    late = things.SOON - before
    first = enter(offers, ANNA, now=late).registration
    enter(offers, BEN, now=late)
    cancel_registration(session, first.id, now=late)
    session.commit()
    assert states(session)[BEN] == state


def test_more_places_are_offered_each_once(session: Session, people: Cast, offered: Registration) -> None:
    admitting.change_capacity(session, offered.opening_id, 3, actor=organiser(people), now=NOW)
    session.commit()
    assert states(session) == {ANNA: "cancelled", BEN: "offered", CLEO: "offered", DORA: "offered"}
    assert [address for letter, address in letters(session) if letter == "place_offered"] == [BEN, CLEO, DORA]


@pytest.mark.one_database
def test_an_organiser_offers_out_of_turn_only_with_a_reason_that_the_trail_keeps(
    session: Session, people: Cast, offered: Registration
) -> None:
    dora, by = row_of(session, DORA), organiser(people)
    with pytest.raises(Refusal, match="Others have waited longer"):
        offer_place(session, dora.id, actor=by, now=NOW, even_if_full=True)
    session.rollback()
    with pytest.raises(Refusal, match="Every place is taken"):
        offer_place(session, dora.id, actor=by, now=NOW, reason="She chairs the day.")
    session.rollback()
    offer_place(session, dora.id, actor=by, now=NOW, reason="She chairs the day.", even_if_full=True)
    session.commit()
    assert states(session)[DORA] == "offered"
    kept = session.scalars(select(AuditEntry).where(AuditEntry.verb == "offer")).one()
    assert kept.after == {"state": "offered", "reason": "She chairs the day."}
    assert row_of(session, DORA).reason == ""


@pytest.mark.one_database
def test_a_place_is_given_out_of_turn_only_with_a_reason(session: Session, people: Cast, offered: Registration) -> None:
    dora, cleo, by = row_of(session, DORA), row_of(session, CLEO), organiser(people)
    with pytest.raises(Refusal, match="Others have waited longer"):
        admitting.promote_registration(session, dora.id, actor=by, now=NOW, even_if_full=True)
    session.rollback()
    admitting.promote_registration(session, cleo.id, actor=by, now=NOW, even_if_full=True)
    session.commit()
    assert states(session)[CLEO] == "confirmed"


@pytest.mark.one_database
def test_nothing_is_offered_where_places_are_given_at_once(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    enter(opening, ANNA)
    waiting = enter(opening, BEN).registration
    with pytest.raises(Refusal, match="given at once here"):
        offer_place(session, waiting.id, actor=organiser(people), now=NOW)


@pytest.mark.one_database
@pytest.mark.parametrize(("event_is", "sentence"), [("CANCELLED", "cancelled"), ("POSTPONED", "new date")])
def test_nothing_is_offered_of_what_does_not_take_place(
    session: Session, people: Cast, offered: Registration, event_is: str, sentence: str
) -> None:
    event = offered.opening.events[0]
    event.state, event.date_is_known = EventState[event_is], event_is != "POSTPONED"
    session.commit()
    before = letters(session)
    with pytest.raises(Refusal, match=sentence):
        offer_place(session, row_of(session, CLEO).id, actor=organiser(people), now=NOW, even_if_full=True)
    assert states(session)[CLEO] == "waitlisted"
    assert letters(session) == before


@pytest.mark.one_database
def test_the_letter_is_of_no_use_past_the_deadline(session: Session, offered: Registration) -> None:
    until = select(OutboxMessage.valid_until).where(OutboxMessage.letter == "place_offered")
    assert session.scalars(until).one() == UNTIL


@pytest.mark.one_database
def test_an_organiser_gives_the_place_to_whom_it_is_offered(
    session: Session, people: Cast, offered: Registration
) -> None:
    for _ in range(2):
        admitting.promote_registration(session, offered.id, actor=organiser(people), now=NOW)
        session.commit()
    assert states(session)[BEN] == "confirmed"
    assert [letter for letter, address in letters(session) if address == BEN][-2:] == [
        "place_offered",
        "registration_promoted",
    ]
