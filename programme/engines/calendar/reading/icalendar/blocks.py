"""Cutting a calendar file into its events, whatever else is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Block(NamedTuple):
    """One VEVENT of the file: the line it begins on, from 1, and its text without alarms."""

    line: int
    text: str


def event_blocks(text: str) -> Iterator[Block]:
    """Cut the events out of a file, leaving out what is nested in them; one that is cut off ends where it ends."""
    begun, depth, kept = 0, 0, list[str]()
    for number, line in enumerate(_lines(text), start=1):
        word = line.strip().upper() if ":" in line else ""  # most lines of a long text are folded, and begin nothing
        if word == "BEGIN:VEVENT":
            if begun:
                yield _block(begun, kept)
            begun, depth, kept = number, 0, []
        elif begun and word == "END:VEVENT":
            yield _block(begun, kept)
            begun = 0
        elif begun:
            depth += word.startswith("BEGIN:")
            if depth == 0:
                kept.append(line)
            depth -= word.startswith("END:") and depth > 0
    if begun:
        yield _block(begun, kept)


def _lines(text: str) -> list[str]:
    """Part a text at any of the three ends of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _block(line: int, kept: list[str]) -> Block:
    return Block(line, "\r\n".join(["BEGIN:VEVENT", *filter(str.strip, kept), "END:VEVENT", ""]))


def is_whole(text: str) -> bool:
    """Tell whether a calendar comes to its end: one that was cut short on its way looks like one with fewer events."""
    return text.rstrip()[-13:].upper() == "END:VCALENDAR"
