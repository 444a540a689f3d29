"""A rule said no, with the sentence for the person."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  the glossary's word
    """A rule said no.

    `sentence` is shown to the person; `field` names the form field it belongs to, if any.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
