"""A letter of every kind, queued by the verbs that queue it, about things that have everything a letter can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.flows.addresses import changing
from programme.flows.granting import giving, handing_over
from programme.flows.keeping.erasing import erase_person
from programme.flows.notices.people import accounts
from programme.people.identity import actor_of
from programme.people.models import Role, Strand
from programme.people.permissions import Grant
from programme.people.signing_in import ask
from tests.factories.cast import LONG_AGO
from tests.factories.stories import answers, deciding, followed, many, offers, reminders, research, weeks
from tests.factories.stories.doctoral import admission
from tests.factories.stories.events import (
    brought_back,
    called_off,
    moved_elsewhere,
    put_off,
    reminded,
    told,
    written_to,
)
from tests.factories.stories.registrations import (
    already_registered,
    cancelled,
    confirmed,
    lapsed,
    pending,
    promoted,
    refused,
    waitlisted,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.factories.desk import Desk


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
    # before a story in which organisers wish for the morning letter, which tells this instead
    "calendar_failing": followed.failed,
    "calendar_works": followed.worked,
    **many.FIRST,
    "dates_changed": weeks.moved_together,
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
    "place_given_back": weeks.given_back,
    "weeks_changed": weeks.changed,
    "week_lent": weeks.changed,
    "event_reminder": reminded,
    "event_notice": reminders.noticed,
    "event_briefing": reminders.briefed,
    "opening_closes": reminders.closing,
    "opening_briefing": reminders.closing,
    "organiser_message": written_to,
    "feedback_asked": answers.asked_how_it_was,
    "data_deleted": deleted,
    **answers.STORIES,
    **admission.STORIES,
    **research.STORIES,
    **many.LAST,
}
"""The story that queues each kind of letter: whoever adds a kind adds its story here."""
