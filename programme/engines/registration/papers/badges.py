"""Badges: a name, where somebody is from, the event, and the code that checks them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.web.words import short_date
from programme.engines.registration.door.pictures import svg_file_of
from programme.engines.registration.papers.certificates import title_of
from programme.engines.registration.papers.setting import pdf_of, settable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.calendar.models import Event
    from programme.engines.registration.door.codes import Codes
    from programme.engines.registration.models import Seat
    from programme.people.models import Organisation


def badges(event: Event, seats: Sequence[Seat], *, owners: Sequence[Organisation], codes: Codes) -> bytes:
    """Return sheets of badges, ten to a page; a name that no font here has is left to be written by hand."""
    told = {
        "title": f"Badges: {title_of(event)}",
        "event": title_of(event),
        "when": short_date(event.starts_at),
        "organisers": [settable(owner.name) for owner in owners],
        "people": [one for seat in seats for one in badges_of(seat, codes=codes)],
    }
    return pdf_of("badges", told)


def badges_of(seat: Seat, *, codes: Codes) -> list[dict[str, str]]:
    """Return what the badges of a chair say: whoever registered, then each who comes along.

    These are asked for no university; whom they came with is where the door finds them, on its list and on paper.
    """
    row, code = seat.registration, svg_file_of(codes.url(seat))
    home, host = row.organisation.name if row.organisation else "", settable(row.name)
    brought = [badge(one.name, f"with {host}" if host else "", code) for one in row.companions]
    return [badge(row.name, home, code), *brought]


def badge(written: str, beneath: str, code: str) -> dict[str, str]:
    """Return what one badge says."""
    name = settable(written)
    return {"name": name, "home": settable(beneath), "code": code, "alt": f"Code for the door: {name or 'a person'}"}
