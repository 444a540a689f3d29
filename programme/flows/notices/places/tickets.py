"""Codes for the door in letters: the address of each, and the picture of the first as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.engines.mail.ports import Attachment
from programme.engines.registration.door.codes import Codes
from programme.engines.registration.door.pictures import png_of
from programme.engines.registration.series.sitting import is_admitted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Seat
    from programme.flows.notices.places.told import Day


def ticket_url(seat: Seat, *, links: Links) -> str:
    """Return the address of somebody's code; nothing where they have no place."""
    has_place = is_admitted(seat)
    return Codes(links.secret, links.base_url).url(seat) if has_place else ""


def code_file(days: Iterable[Day]) -> tuple[Attachment, ...]:
    """Return the picture of the first day's code, which can be shown without a connection."""
    day = next((day for day in days if day.ticket_url), None)
    if day is None:
        return ()
    name = slug(day.title, 0).removesuffix("-0") or "place"
    return (Attachment(f"code-{name}.png", png_of(day.ticket_url), media_type="image/png"),)
