"""Every kind of letter there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.flows.notices import accounts, events, farewells, messages, registrations
from programme.flows.notices.reminders import letters as reminders

if TYPE_CHECKING:
    from programme.engines.mail.ports import Letter
    from programme.engines.registration.links import Links


def letters(links: Links) -> tuple[Letter, ...]:
    """Return every kind of letter; those that tell a manage link are made with `links` (decision 0004)."""
    return (
        *accounts.LETTERS,
        *farewells.LETTERS,
        *events.letters(links),
        *registrations.letters(links),
        *reminders.letters(links),
        *messages.letters(links),
    )
