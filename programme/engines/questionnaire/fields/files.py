"""The field of a file: what is held already, in a hidden input, and a box to choose one, or another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import Field
from wtforms.widgets import FileInput

from programme.core.files.kinds import MEGABYTE, endings, in_bytes, in_words
from programme.core.refusal import Refusal
from programme.engines.questionnaire.kinds.files import most_bytes, reference, reference_parts

if TYPE_CHECKING:
    from programme.engines.questionnaire.kinds import Asked

LEFT_OUT = "-none"


class OneFile(Field):
    """A file that was handed in before stays held, whatever else of the form is to be put right.

    `trouble` is why a file just sent was not taken.
    """

    widget = FileInput()
    trouble = ""

    def process_data(self, value: Any) -> None:
        """Hold what was answered before."""
        self.data = value or ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Hold what the form held; of files themselves this knows nothing."""
        self.data = next((text for text in valuelist if isinstance(text, str)), "")
        self.raw_data = [self.data] if self.data else []

    def hold(self, token: str, size: int, name: str) -> None:
        """Hold a file."""
        self.data = reference(token, size, name)
        self.raw_data = [self.data]

    def drop(self, trouble: str = "") -> None:
        """Hold nothing any more; `trouble` says why, where nobody asked for it."""
        self.data, self.raw_data, self.trouble = "", [], trouble

    @property
    def held(self) -> dict[str, Any]:
        """What is held, for the page; empty where nothing is."""
        try:
            token, size, name = reference_parts(self.data or "")
        except Refusal:
            return {}
        return {"token": token, "size": in_bytes(size), "name": name, "reference": self.data}

    @property
    def left_out(self) -> str:
        """The name of the box that takes the file out again."""
        return f"{self.name}{LEFT_OUT}"


def file_field(asked: Asked, given: dict[str, Any]) -> OneFile:
    """Return the unbound field for a question that asks for a file; its hint says what may be handed in."""
    largest = in_bytes(most_bytes(asked) // MEGABYTE * MEGABYTE)
    kinds = in_words(asked.accepts)
    limits = f"{kinds[0].upper()}{kinds[1:]}, {largest} at most."
    about = f"{given['description']} {limits}" if given.get("description") else limits
    made: OneFile = OneFile(**{**given, "description": about}, render_kw={"accept": endings(asked.accepts)})
    return made
