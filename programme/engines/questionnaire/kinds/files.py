"""A file that is handed in: here only what is kept of it with the answers; its bytes lie elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.files.kinds import MEGABYTE, in_bytes
from programme.core.refusal import Refusal
from programme.engines.questionnaire.kinds.kind import Kind
from programme.engines.questionnaire.kinds.numbers import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.questionnaire.kinds.asked import Asked

FILE = "file"
PARTS = 3
USUAL_MEGABYTES = 5
BROKEN = "We lost this file on the way. Choose it again."


class File(Kind):
    """One file, known by the token of its bytes, its size and its name; a form holds the three in one text."""

    name, title = FILE, "File"
    about = "A CV, a letter, a poster: of the kinds you choose, and no larger than you say."
    wanted = "Choose a file."
    takes_files = True

    def value(self, asked: Asked, raw: Sequence[str]) -> dict[str, Any] | None:
        """Return what is known of the file; whoever keeps the answer asks whether it is so."""
        del asked
        if not raw:
            return None
        token, size, name = reference_parts(raw[0])
        return {"file": token, "size": size, "name": name}

    def text(self, value: Any) -> str:
        """Say its name and size."""
        return f"{value['name']} ({in_bytes(value['size'])})"

    def typed(self, value: Any) -> list[str]:
        """Return what a form holds of it."""
        return [reference(value["file"], value["size"], value["name"])]


def reference(token: str, size: int, name: str) -> str:
    """Return a file in one text."""
    return f"{token} {size} {name}"


def reference_parts(text: str) -> tuple[str, int, str]:
    """Return the token, the size and the name in such a text; Refusal where it is none."""
    parts = text.split(" ", PARTS - 1)
    if len(parts) != PARTS or not (parts[1].isascii() and parts[1].isdecimal()):
        raise Refusal(BROKEN)
    return parts[0], int(parts[1]), parts[2]


def most_bytes(asked: Asked) -> int:
    """Return how large a file may be, as the question says."""
    return (whole(asked.most) or USUAL_MEGABYTES) * MEGABYTE
