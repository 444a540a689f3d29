"""Placeholders that several kinds of letters share, and the passages that most of them end with."""

from __future__ import annotations

from typing import Any

from programme.engines.mail.wording.passages import Case, Passage, Placeholder

NAME = Placeholder("name", "the name of whoever gets the letter", in_subject=False)
GREETING = Placeholder("greeting", "“Dear Alice Aldgrove,”; “Hello,” to somebody without a name here", in_subject=False)
TITLE = Placeholder("title", "what it is about: the title of the event or opening")
WHEN = Placeholder("when", "its date and time; of several dates the first, and how many more there are")
WHERE = Placeholder("where", "its place; empty where none is known")
CONTACT = Placeholder("contact", "whom an answer to the letter reaches")
ADDRESS = Placeholder("address", "the address that the letter goes to", in_subject=False)
UNTIL = Placeholder("until", "until when the link works", in_subject=False)

QUESTIONS = "Questions? Answer this letter: it goes to {contact}."


def subject(text: str, *, name: str = "subject", title: str = "Subject", hint: str = "") -> Passage:
    """Return the passage for the Subject header."""
    return Passage(name, title, text, hint)


def opening(text: str, *, name: str = "opening", title: str = "Opening", hint: str = "") -> Passage:
    """Return the passage that a letter begins with."""
    return Passage(name, title, text, hint)


def closing(text: str = QUESTIONS) -> Passage:
    """Return the passage that a letter ends with."""
    return Passage("closing", "Closing", text)


def why(text: str) -> Passage:
    """Return the passage at the foot that says why somebody gets the letter."""
    return Passage("why", "At the foot: why they get it", text)


def greeting(name: str) -> str:
    """Return the greeting of somebody who may have no name here."""
    return f"Dear {name}," if name else "Hello,"


def case(title: str, **given: Any) -> Case:
    """Return a case of which some variables are others."""
    return Case(title, lambda variables: {**variables, **given})
