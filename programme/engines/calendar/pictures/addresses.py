"""Where the picture of an event is found: an address that holds what the picture is, so that it never shows another."""

from __future__ import annotations

import re
from typing import NamedTuple

MEDIA_TYPE = "image/jpeg"
OF_DIGEST = 20
NAME = re.compile(rf"([0-9a-f]{{{OF_DIGEST}}})-([1-9][0-9]{{0,3}})\.jpg", re.ASCII)


class PictureName(NamedTuple):
    """What the last part of an address says: how the digest begins, and which width is asked for."""

    digest: str
    width: int


def picture_path(event_id: int, digest: str, width: int) -> str:
    """Return where an event's picture is found in one of its widths."""
    return f"/pictures/{event_id}/{digest[:OF_DIGEST]}-{width}.jpg"


def name_of(text: str) -> PictureName | None:
    """Read the last part of an address; None where it is none of ours."""
    found = NAME.fullmatch(text)
    return PictureName(found[1], int(found[2])) if found else None
