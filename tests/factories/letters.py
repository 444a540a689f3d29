"""A letter of every kind, queued by the verbs that queue it, about things that have everything a letter can tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from programme.engines.calendar.actions.values import Plan, plan_of
from programme.engines.calendar.models import Venue
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.states import PlacesBy
from programme.engines.reminders.actions import ensure_default_rule
from programme.flows import admitting, registering, scheduling
from programme.flows.addresses import changing
from programme.flows.granting import giving, handing_over
from programme.flows.keeping.erasing import erase_person
from programme.flows.notices import accounts
from programme.flows.notices.messages import Message
from programme.flows.reminding import queue_due_reminders
from programme.flows.roll.writing import write_to
from programme.people.identity import actor_of
from programme.people.models import Role, Strand
from programme.people.permissions import NOBODY, Grant
from programme.people.signing_in import ask
from tests.factories import answers, deciding, many, offers, reminders, things, weeks
from tests.factories.cast import LONG_AGO, Cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.registration.models import Opening, Registration
    from programme.people.keeping.ports import Keeper
    from programme.people.permissions import Actor

TITLE = "Tides & <sand>: what the Mersey and the Isis carry to the sea, and what they leave “behind”"
REASON = "The river’s in the lecture theatre; we look for a drier one & write again as soon as there is one."
TEXT = (
    "The doors open at 13:30, half an hour before the talk, and close as soon as every chair is taken, so come early.\n"
    "\n- Bring a card with your photograph.\n- The way is at https://example.ac.uk/a/map/that/has/a/very/long/address\n"
)
WEEKS = timedelta(weeks=3)


@dataclass(frozen=True)
class Desk:
    """Who queues letters, and when."""

    session: Session
    cast: Cast
    keepers: Sequence[Keeper]
    now: datetime = things.SOON - WEEKS

    def by(self, actor: Actor) -> dict[str, Any]:
        """Who does it, and when."""
        return {"actor": actor, "now": self.now}

    @property
    def olga(self) -> Actor:
        """Olga, who organises."""
        return actor_of(self.cast.olga)

    def event(self) -> Event:
        """Return an event with everything that letters tell."""
        given: dict[str, Any] = {
            "venue_id": self.session.scalars(select(Venue.id)).first(),
            "room": "Lecture theatre 2",
            "is_online": True,
            "online_link": "https://meet.example.ac.uk/tides",
            "price_note": "£12, students £6",
            "shop_url": "https://shop.example.ac.uk/tides",
            "contact_name": "Olga Oakhurst",
            "contact_address": self.cast.olga.address,
        }
        return things.event(self.session, lead=self.cast.liverpool, title=TITLE, **given)

    def opening(self, *events: Event, **given: Any) -> Opening:
        """Return an opening with one place."""
        return things.opening(self.session, events=list(events) or [self.event()], **{"capacity": 1, **given})

    def enter(self, opening: Opening, *, actor: Actor = NOBODY, name: str = "Gwen Guest") -> Registration:
        """Register somebody as the form does: a guest, or whoever is signed in."""
        address = actor.address or f"{name.partition(' ')[0].lower()}@example.org"
        sent = registering.SignUp(
            name=actor.name or name, address=address, organisation_id=None, answers={}, form_key=address
        )
        return registering.sign_up(self.session, opening.id, sent, actor=actor, now=self.now).registration

    def taken(self, **given: Any) -> tuple[Opening, Registration, Registration]:
        """Return an opening with Alice in it and a guest waiting."""
        opening = self.opening(*given.pop("events", ()), **given)
        return opening, self.enter(opening, actor=actor_of(self.cast.alice)), self.enter(opening)


def confirmed(desk: Desk) -> None:
    """Somebody signed in, a guest who must keep the place, and one with several dates."""
    desk.taken(capacity=2)
    desk.enter(desk.opening(desk.event(), desk.event(), title="Two evenings by the river"))


def waitlisted(desk: Desk) -> None:
    """A guest comes too late, and somebody signed in after them."""
    opening, *_ = desk.taken()
    desk.enter(opening, actor=actor_of(desk.cast.bob))


def pending(desk: Desk) -> None:
    """The organisers decide."""
    desk.taken(places_by=PlacesBy.DECISION)


def already_registered(desk: Desk) -> None:
    """Both fill in the form a second time, as guests do."""
    opening, alice, _ = desk.taken()
    desk.enter(opening)
    sent = registering.SignUp(
        name=alice.name, address=alice.address, organisation_id=None, answers={}, form_key="again"
    )
    registering.sign_up(desk.session, opening.id, sent, actor=NOBODY, now=desk.now)


def cancelled(desk: Desk) -> None:
    """Whoever has a place gives it back, and whoever has none by then."""
    _, alice, guest = desk.taken(capacity=1)
    registering.cancel_registration(desk.session, guest.id, now=desk.now)
    registering.cancel_registration(desk.session, alice.id, now=desk.now)


def promoted(desk: Desk) -> None:
    """Whoever waits moves up."""
    _, alice, _ = desk.taken()
    registering.cancel_registration(desk.session, alice.id, now=desk.now)


def refused(desk: Desk) -> None:
    """The organisers say no, with a reason and without."""
    _, alice, guest = desk.taken()
    admitting.refuse_registration(desk.session, alice.id, reason=REASON, **desk.by(desk.olga))
    admitting.refuse_registration(desk.session, guest.id, reason="", **desk.by(desk.olga))


def lapsed(desk: Desk) -> None:
    """A guest does not keep the place in time."""
    desk.taken(capacity=2)
    registering.lapse_unproved_holds(desk.session, desk.now + timedelta(days=14))


def told(change: Callable[[Desk, int, Plan], object]) -> Callable[[Desk], None]:
    """Return the story of an event that changes while one has a place and one waits."""

    def story(desk: Desk) -> None:
        opening, *_ = desk.taken()
        event = opening.events[0]
        day = timedelta(days=1)
        change(desk, event.id, replace(plan_of(event), starts_at=event.starts_at + day, ends_at=event.ends_at + day))

    return story


def moved_elsewhere(desk: Desk, event_id: int, later: Plan) -> None:
    """Move one event to another day, and another to another room."""
    scheduling.move(desk.session, event_id, later, reason=REASON, **desk.by(desk.olga))
    opening, *_ = desk.taken()
    event = opening.events[0]
    elsewhere = replace(plan_of(event), venue_id=None, room="", is_online=False)
    scheduling.move(desk.session, event.id, elsewhere, **desk.by(desk.olga))


def put_off(desk: Desk, event_id: int, later: Plan) -> None:
    """Put one event off to another day, and another to no day yet."""
    scheduling.postpone(desk.session, event_id, later, reason=REASON, **desk.by(desk.olga))
    opening, *_ = desk.taken()
    scheduling.postpone(desk.session, opening.events[0].id, None, **desk.by(desk.olga))


def called_off(desk: Desk, event_id: int, _later: Plan) -> None:
    """Call an event off."""
    scheduling.cancel(desk.session, event_id, reason=REASON, **desk.by(desk.olga))


def brought_back(desk: Desk, event_id: int, later: Plan) -> None:
    """Let an event take place after all, once the letters about its end have gone."""
    called_off(desk, event_id, later)
    desk.session.execute(update(OutboxMessage).values(state=OutboxState.SENT))
    scheduling.reinstate(desk.session, event_id, later, reason=REASON, **desk.by(desk.olga))


def reminded(desk: Desk) -> None:
    """The day before."""
    opening, *_ = desk.taken()
    event = opening.events[0]
    ensure_default_rule(desk.session, event.id, LONG_AGO)
    desk.session.flush()
    queue_due_reminders(desk.session, event.starts_at - timedelta(hours=20))


def written_to(desk: Desk) -> None:
    """The organisers write themselves."""
    opening, *people = desk.taken()
    write_to(desk.session, opening, people, Message("once", "What to bring & where", TEXT), **desk.by(desk.olga))


def asked_to_sign_in(address: str) -> Callable[[Desk], None]:
    """Return the story of somebody who asks for a link."""

    def story(desk: Desk) -> None:
        link = ask(desk.session, address, next_path="", now=desk.now)
        accounts.send_link(desk.session, link, browser="Firefox on Windows", now=desk.now)

    return story


def given_a_role(desk: Desk) -> None:
    """An administrator makes Bob an organiser."""
    wanted = Grant(Role.ORGANISER, desk.cast.oxford.id, Strand.EXCHANGE)
    holder = giving.Holder(desk.cast.bob.address)
    giving.give(desk.session, holder, wanted, **desk.by(actor_of(desk.cast.ada)))


def handed_over(desk: Desk) -> None:
    """Olga leaves, and Alice takes over."""
    desk.opening()
    desk.session.flush()
    handing_over.hand_over(
        desk.session,
        leaver=desk.cast.olga,
        successor=desk.cast.alice,
        organisation=desk.cast.liverpool,
        **desk.by(actor_of(desk.cast.ada)),
    )


def elsewhere(desk: Desk) -> None:
    """Alice asks for another address, and has it."""
    changing.ask(desk.session, desk.cast.alice, "alice@people.example.org", now=desk.now)
    alice, private = desk.cast.alice.id, {"address_proof", "address_changed"}
    changing.change(desk.session, alice, "alice@people.example.org", private=private, now=desk.now)


def deleted(desk: Desk) -> None:
    """Charlie deletes his account, with a place to come, and so does a guest who waits."""
    opening = desk.opening()
    places = [desk.enter(opening, actor=actor_of(desk.cast.charlie)), desk.enter(opening, name="Wanda Waits")]
    desk.cast.charlie.signed_in_at = LONG_AGO
    for person in [place.person for place in places if place.person]:
        erase_person(desk.session, person, desk.keepers, **desk.by(actor_of(person)))


EXAMPLES: Mapping[str, Callable[[Desk], object]] = {
    **deciding.STORIES,  # before a story in which Olga hands everything over
    **many.FIRST,
    "sign_in": asked_to_sign_in("alice@liverpool.example.ac.uk"),
    "sign_in_unknown": asked_to_sign_in("nobody.yet@oxford.example.ac.uk"),
    "role_granted": given_a_role,
    "things_handed_over": handed_over,
    "address_proof": elsewhere,
    "address_changed": elsewhere,
    "event_moved": told(moved_elsewhere),
    "event_postponed": told(put_off),
    "event_cancelled": told(called_off),
    "event_reinstated": told(brought_back),
    "registration_confirmed": confirmed,
    "registration_waitlisted": waitlisted,
    "registration_pending": pending,
    "registration_promoted": promoted,
    "registration_cancelled": cancelled,
    "registration_refused": refused,
    "registration_lapsed": lapsed,
    "already_registered": already_registered,
    "place_offered": offers.offered,
    "offer_lapsed": offers.offer_lapsed,
    "offer_let_go": offers.let_go,
    "offer_ends": offers.offer_ends,
    "invited": offers.invited,
    "address_not_listed": offers.not_listed,
    "weeks_changed": weeks.changed,
    "week_lent": weeks.changed,
    "dates_changed": weeks.moved_together,
    "event_reminder": reminded,
    "event_notice": reminders.noticed,
    "event_briefing": reminders.briefed,
    "opening_closes": reminders.closing,
    "opening_briefing": reminders.closing,
    "organiser_message": written_to,
    "feedback_asked": answers.asked_how_it_was,
    "data_deleted": deleted,
    **answers.STORIES,
    **many.LAST,
}
"""The story that queues each kind of letter: whoever adds a kind adds its story here."""
