"""The picture of an event as pages show it: where its sizes are found, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.files.pictures import Size, sizes_of
from programme.engines.calendar.pictures.addresses import picture_path

if TYPE_CHECKING:
    from programme.engines.calendar.pictures.models import EventPicture


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture as a page shows it: `sizes` are (path, width, height), the largest first.

    Without `words` it is decoration alone.
    """

    sizes: tuple[tuple[str, int, int], ...]
    words: str
    credit: str

    @property
    def large(self) -> tuple[str, int, int]:
        """The largest size."""
        return self.sizes[0]

    @property
    def srcset(self) -> str:
        """Every size, as a browser chooses among them."""
        return ", ".join(f"{path} {width}w" for path, width, _ in self.sizes)


def shown_picture(row: EventPicture | None) -> ShownPicture | None:
    """Return what an event shows as pages show it, if it shows anything."""
    if row is None:
        return None
    picture = row.picture
    sizes = [
        (picture_path(row.event_id, picture.digest, size.width), size.width, size.height)
        for size in sizes_of(Size(picture.width, picture.height))
    ]
    return ShownPicture(tuple(sizes), row.words, row.credit)
