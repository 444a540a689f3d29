"""What every kind of question is: a name, a title, and how an answer is read, said and filled in again. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from programme.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.questionnaire.kinds.asked import Asked


class Kind:
    """A kind of question. `wanted` is the sentence where a required answer is missing.

    `asks` is false for what only stands on the form; `is_sensitive` says that its answers always are; `usual_options`
    stand where an organiser gives none.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    wanted: ClassVar[str] = "Answer this question."
    asks: ClassVar[bool] = True
    has_options: ClassVar[bool] = False
    has_bounds: ClassVar[bool] = False
    has_places: ClassVar[bool] = False
    has_several: ClassVar[bool] = False
    takes_files: ClassVar[bool] = False
    is_sensitive: ClassVar[bool] = False
    is_counted: ClassVar[bool] = False
    usual_options: ClassVar[tuple[str, ...]] = ()

    def read(self, asked: Asked, raw: Sequence[str]) -> Any:
        """Return the value of what was sent, None for nothing; Refusal where it is missing or wrong."""
        value = self.value(asked, [text for text in raw if text.strip()])
        if asked.is_required and value in (None, False):
            raise Refusal(self.missing(asked))
        return value

    def missing(self, asked: Asked) -> str:
        """Return the sentence for a missing answer, which names the question: a page may ask several."""
        return f"{self.wanted.removesuffix('.')}: {asked.label}"

    def value(self, asked: Asked, raw: Sequence[str]) -> Any:
        """Return the value of texts that are not blank."""
        raise NotImplementedError

    def text(self, value: Any) -> str:
        """Say a value as a person reads it."""
        return str(value)

    def typed(self, value: Any) -> list[str]:
        """Return the texts that a browser would send for a kept value, to fill in a form again."""
        return [str(value)]

    def choices(self, asked: Asked) -> tuple[tuple[str, str], ...]:
        """Return what can be chosen, as (sent, said); nothing where answers are free. Conditions go by these."""
        return tuple((option, option) for option in asked.options) if self.has_options else ()

    def chosen(self, raw: Sequence[str]) -> frozenset[str]:
        """Return what was sent as conditions compare it."""
        return frozenset(text for text in raw if text.strip())
