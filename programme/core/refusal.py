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


MEANWHILE = (
    "Somebody else changed this while you had it open. What you typed stands below, and theirs is in force."
    " Look at both; save again to let yours stand."
)


class Meanwhile(Refusal):
    """Of two people who change one thing the second is told, so that nothing silently reverts."""

    def __init__(self) -> None:
        super().__init__(MEANWHILE)


def refuse_if_changed(seen: str, mark: str) -> None:
    """Refuse where a form says what it was made from, and that is not so any more."""
    if seen and seen != mark:
        raise Meanwhile
