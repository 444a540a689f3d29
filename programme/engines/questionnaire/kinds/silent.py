"""What stands on a form and asks nothing: sections, headings and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.questionnaire.kinds.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.questionnaire.kinds.asked import Asked

SECTION = "section"


class Silent(Kind):
    """Asks nothing, and takes nothing."""

    asks = False

    def read(self, asked: Asked, raw: Sequence[str]) -> None:
        """Take nothing, whatever was sent."""


class Section(Silent):
    """Begins a part of the form; it goes on until the next one, and may be asked as a whole only after an answer."""

    name, title = SECTION, "Section"
    about = "Begins a part with a title; what follows belongs to it until the next section."


class Note(Silent):
    """A heading with a sentence."""

    name, title = "note", "Heading or note"
    about = "Asks nothing: a heading, with a sentence beneath it if you like."
