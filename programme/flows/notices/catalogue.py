"""Every kind of letter there is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.flows.notices import accounts, events, farewells, messages, registrations, reminders
from programme.flows.notices.described import events as described_events
from programme.flows.notices.described import people as described_people
from programme.flows.notices.described import registrations as described_registrations

if TYPE_CHECKING:
    from programme.engines.mail.ports import Letter
    from programme.engines.registration.links import Links


DESCRIPTIONS = {
    **described_registrations.DESCRIPTIONS,
    **described_events.DESCRIPTIONS,
    **described_people.DESCRIPTIONS,
}


def letters(links: Links) -> tuple[Letter, ...]:
    """Return every kind of letter; those that tell a manage link are made with `links` (decision 0004)."""
    return tuple(described(letter) for letter in kinds(links))


def described(letter: Letter) -> Letter:
    """Return a kind of letter with what is told of it here, if anything is."""
    return replace(letter, description=DESCRIPTIONS.get(letter.name, letter.description))


def kinds(links: Links) -> tuple[Letter, ...]:
    """Return the kinds of letters of every room."""
    return (
        *accounts.LETTERS,
        *farewells.LETTERS,
        *events.letters(links),
        *registrations.letters(links),
        *reminders.letters(links),
        *messages.letters(links),
    )
