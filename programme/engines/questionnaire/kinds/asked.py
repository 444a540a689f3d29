"""A question as its kind reads it, and the condition under which it is asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only if the answer to an earlier question is one of some, as a browser sends them."""

    question: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as its kind reads it: hashable, so that a form can be kept by what it asks.

    `options` are the choices of one_of and many_of; `least` and `most` bound how many of them, or a number's value.
    `ends` are the answers that end the form, kindly, with `end_words`; `places` says how many may choose an option.
    `accepts` are the kinds of files that may be handed in, of at most `most` megabytes.
    `parts` are the parts of an event to choose among, handed down by whoever knows events: id and words of each.
    `succeeds` are the questions in whose place this one is asked: what was chosen of their options counts, too.
    """

    id: int
    kind: str
    label: str
    hint: str = ""
    is_required: bool = False
    options: tuple[str, ...] = ()
    least: str = ""
    most: str = ""
    condition: Condition | None = None
    ends: tuple[str, ...] = ()
    end_words: str = ""
    places: tuple[tuple[str, int], ...] = ()
    succeeds: tuple[int, ...] = ()
    accepts: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
