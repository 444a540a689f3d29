"""What a letter says about a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter says about a key: `link` turns it and is empty in the letter that only tells that it is late."""

    name: str
    title: str
    about: str
    organisation: str
    due_at: datetime | None
    link: str
    page: str
    is_delegate: bool = False
