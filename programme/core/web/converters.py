"""Address parts: ids that the database can hold, and slugs that carry their id."""

from __future__ import annotations

import re
import unicodedata

from werkzeug.routing import BaseConverter, ValidationError

from programme.core.database import LARGEST_ID

LONGEST_SLUG = 60
BETWEEN_WORDS = str.maketrans(dict.fromkeys("–—/", "-"))


class IdConverter(BaseConverter):
    """A whole number that fits a key; anything else is not found."""

    regex = r"\d{1,19}"

    def to_python(self, value: str) -> int:
        """Return the id, or refuse one that no row can have."""
        return id_within(value)

    def to_url(self, value: int) -> str:
        """Return the digits."""
        return str(int(value))


class SlugConverter(BaseConverter):
    """`some-words-42`, of which only the id at the end decides."""

    regex = r"[^/]*?\d{1,19}"
    part_isolating = True

    def to_python(self, value: str) -> tuple[int, str]:
        """Return (id, the whole slug as it was typed)."""
        match = re.fullmatch(r"(?:.*-)?(\d{1,19})", value)
        if match is None:
            raise ValidationError
        return id_within(match[1]), value

    def to_url(self, value: object) -> str:
        """Return the slug as it is."""
        return super().to_url(value)


def id_within(digits: str) -> int:
    """Return the number, or refuse one beyond every key."""
    number = int(digits)
    if not 0 < number <= LARGEST_ID:
        raise ValidationError
    return number


def slug(title: str, row_id: int) -> str:
    """Return the address part of a thing: its title in plain letters, then its id."""
    apart = title.replace("’", "").translate(BETWEEN_WORDS)
    plain = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")
    return f"{words}-{row_id}" if words else str(row_id)
