"""Every kind of letter there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.flows.broadcasting.letters import LETTERS_TO_MANY
from programme.flows.bundling import digests, mornings
from programme.flows.notices import accounts, events, farewells, messages, registrations, reminders

if TYPE_CHECKING:
    from programme.engines.mail.ports import Letter
    from programme.engines.registration.links import Links
    from programme.flows.bundling.ports import NeedsOf


def letters(links: Links, needs: NeedsOf) -> tuple[Letter, ...]:
    """Return every kind of letter; those that tell a manage link are made with `links` (decision 0004)."""
    single = single_letters(links)
    return (*single, digests.letter(single), mornings.letter(needs, base_url=links.base_url))


def single_letters(links: Links) -> tuple[Letter, ...]:
    """Return the kinds of letter that take in no others."""
    return (
        *accounts.LETTERS,
        *farewells.LETTERS,
        *events.letters(links),
        *registrations.letters(links),
        *reminders.letters(links),
        *messages.letters(links),
        *LETTERS_TO_MANY,
    )
