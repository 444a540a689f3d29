"""Every kind of letter there is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.flows.broadcasting.letters import LETTERS_TO_MANY
from programme.flows.bundling import digests, mornings
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.inviting import letters as invitations
from programme.flows.inviting import unlisted
from programme.flows.notices import calendars as followed_calendars
from programme.flows.notices import drafts, events, feedback, follow_ups, messages
from programme.flows.notices.described import addresses as described_addresses
from programme.flows.notices.described import calendars as described_calendars
from programme.flows.notices.described import events as described_events
from programme.flows.notices.described import keys as described_keys
from programme.flows.notices.described import people as described_people
from programme.flows.notices.described import registrations as described_registrations
from programme.flows.notices.described import replies as described_replies
from programme.flows.notices.described.asking import drafts as described_drafts
from programme.flows.notices.described.asking import follow_ups as described_follow_ups
from programme.flows.notices.described.asking import invitations as described_invitations
from programme.flows.notices.described.asking import offers as described_offers
from programme.flows.notices.described.asking import unlisted as described_unlisted
from programme.flows.notices.described.many import afterwards as described_afterwards
from programme.flows.notices.described.many import broadcasts as described_many
from programme.flows.notices.described.many import reminders as described_reminders
from programme.flows.notices.keys import letters as keys
from programme.flows.notices.keys import terms as key_terms
from programme.flows.notices.people import accounts, addresses, farewells
from programme.flows.notices.places import registrations
from programme.flows.notices.reminders import letters as reminders
from programme.flows.notices.series import changed as dates_changed
from programme.flows.notices.series import described as described_series
from programme.flows.notices.series import letters as series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.approvals.ports import Subjects
    from programme.engines.calendar.ports import CalendarSource
    from programme.engines.mail.ports import Letter
    from programme.flows.bundling.ports import NeedsOf
    from programme.flows.calendars.letters.parts import Calendars


DESCRIPTIONS = {
    **described_registrations.DESCRIPTIONS,
    **described_offers.DESCRIPTIONS,
    **described_replies.DESCRIPTIONS,
    **described_invitations.DESCRIPTIONS,
    **described_unlisted.DESCRIPTIONS,
    **described_drafts.DESCRIPTIONS,
    **described_follow_ups.DESCRIPTIONS,
    **described_series.DESCRIPTIONS,
    **described_events.DESCRIPTIONS,
    **described_people.DESCRIPTIONS,
    **described_addresses.DESCRIPTIONS,
    **described_reminders.DESCRIPTIONS,
    **described_afterwards.DESCRIPTIONS,
    **described_many.DESCRIPTIONS,
    **described_keys.DESCRIPTIONS,
    **described_calendars.DESCRIPTIONS,
}


def letters(
    calendars: Calendars,
    needs: NeedsOf,
    subjects: Subjects = SUBJECTS,
    sources: Sequence[CalendarSource] = (),
    others: Sequence[Letter] = (),
) -> tuple[Letter, ...]:
    """Return every kind of letter; those that tell a manage link are made with links (decision 0004).

    `subjects` are what keys decide about, `sources` the rooms that know of events a person has: what clashes is told
    with a place, `others` the letters of rooms above, which bring their own descriptions.
    """
    base_url = calendars.links.base_url
    about_keys = (*keys.letters(base_url, subjects), *key_terms.letters(base_url))
    every = (*single_letters(calendars, sources), *about_keys, *others)
    single = tuple(described(letter) for letter in every)
    together = (digests.letter(single), mornings.letter(needs, base_url=base_url))
    return (*single, *[described(letter) for letter in together])


def described(letter: Letter) -> Letter:
    """Return a kind of letter with what is told of it here, if anything is."""
    return replace(letter, description=DESCRIPTIONS.get(letter.name, letter.description))


def single_letters(calendars: Calendars, sources: Sequence[CalendarSource]) -> tuple[Letter, ...]:
    """Return the kinds of letter that take in no others."""
    links = calendars.links
    return (
        *accounts.LETTERS,
        *addresses.letters(links),
        *farewells.LETTERS,
        *invitations.letters(links),
        *unlisted.letters(links),
        *events.letters(calendars),
        *registrations.letters(calendars, sources),
        *drafts.letters(links),
        *follow_ups.letters(links),
        *series.letters(calendars),
        *dates_changed.letters(calendars),
        *reminders.letters(links),
        *feedback.letters(links),
        *messages.letters(links),
        *followed_calendars.letters(links.base_url),
        *LETTERS_TO_MANY,
    )
