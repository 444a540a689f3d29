"""What a workbook would take in memory, reckoned by a strict reader before the library opens it."""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.parsers import expat

from programme.engines.calendar.reading.rows import ReadingRefused

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator, Sequence

MOST_UNPACKED = 200_000_000
MOST_CELLS = 5_000_000
MOST_CHARACTERS = 50_000_000
DAMAGED = "The workbook cannot be read: it is damaged, or locked with a password."
_STRINGS = "xl/sharedstrings.xml"
_CHUNK = 1_000_000
_LETTERS = 26
_LONGEST_NUMBER = 20
_NUMBER = re.compile(r"\+?[0-9]{1,9}")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MARK = b"sheetData"


def check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook that the library could not hold: its sheets as full rectangles, each text as often as used.

    A text that many cells share is kept once in the file and once a cell in memory.
    """
    parts = archive.infolist()
    if len({plain_name(part) for part in parts}) < len(parts):
        raise ReadingRefused(DAMAGED)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ReadingRefused("The workbook is too large when unpacked. Please save the sheet alone, as CSV.")
    shared = SharedTexts()
    for part in parts:
        if plain_name(part) == _STRINGS:
            shared.read(chunks(archive, part))
    for part in parts:
        if is_sheet(chunks(archive, part)):
            SheetWeight(shared.lengths).read(chunks(archive, part))


def plain_name(part: zipfile.ZipInfo) -> str:
    """Return the name of a part as the library looks for it: whatever its case."""
    return part.filename.replace("\\", "/").lower()


def chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part bit by bit."""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def is_sheet(pieces: Iterator[bytes]) -> bool:
    """Whether the library could take cells from a part: it looks for this element, whatever the part is called."""
    kept = b""
    for piece in pieces:
        if _MARK in kept + piece:
            return True
        kept = piece[-len(_MARK) :]
    return False


class SharedTexts:
    """How many characters each of the texts has that cells share, by its number."""

    def __init__(self) -> None:
        self.lengths = array("L")

    def read(self, pieces: Iterator[bytes]) -> None:
        """Read the part that holds them."""
        parse(pieces, started=self.started, ended=ignored, said=self.said)

    def started(self, name: str, _attributes: dict[str, str]) -> None:
        """Begin the next text."""
        if local(name) == "si":
            self.lengths.append(0)

    def said(self, text: str) -> None:
        """Count what belongs to the text that is open."""
        if self.lengths:
            self.lengths[-1] += len(text)


class SheetWeight:
    """The rectangle that a sheet takes, and the characters in it; a cell without a place stands after the last one."""

    def __init__(self, shared: Sequence[int]) -> None:
        self.shared = shared
        self.row = self.column = 0
        self.rows = self.columns = 1
        self.cells = self.characters = 0
        self.is_shared = self.is_value = False
        self.value = ""

    def read(self, pieces: Iterator[bytes]) -> None:
        """Read the sheet's part."""
        parse(pieces, started=self.started, ended=self.ended, said=self.said)

    def started(self, name: str, attributes: dict[str, str]) -> None:
        """Note where a row or cell stands, and whether its value is the number of a shared text."""
        if self.is_value:
            raise ReadingRefused(DAMAGED)
        kind = local(name)
        if kind == "v":
            self.is_value, self.value = True, ""
        elif kind == "c":
            self.is_shared = attributes.get("t") == "s"
            self.cells += 1
            self.stand_at(attributes.get("r", ""))
        elif kind == "row":
            number = _NUMBER.fullmatch(attributes.get("r", ""))
            self.row, self.column = int(number[0]) if number else self.row + 1, 0
            self.grow()

    def stand_at(self, place: str) -> None:
        """Go to the place of a cell."""
        found = _PLACE.fullmatch(place)
        if found:
            self.row, self.column = int(found[2]), column_number(found[1])
        else:
            self.column += 1
        if self.row > self.rows or self.column > self.columns or self.cells > MOST_CELLS:
            self.grow()

    def grow(self) -> None:
        """Widen the rectangle to where we stand."""
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
        if max(self.rows * self.columns, self.cells) > MOST_CELLS:
            sentence = f"The sheet has {self.rows:,} rows and {self.columns:,} columns. Delete those that are unused."
            raise ReadingRefused(sentence)

    def said(self, text: str) -> None:
        """Count text that stands in the sheet itself."""
        self.characters += len(text)
        if self.is_value and len(self.value) < _LONGEST_NUMBER:
            self.value += text

    def ended(self, name: str) -> None:
        """Count the text that a cell shares, once for this cell."""
        if not self.is_value or local(name) != "v":
            return
        self.is_value = False
        if self.is_shared and _NUMBER.fullmatch(self.value):
            number = int(self.value)
            self.characters += self.shared[number] if number < len(self.shared) else 0
        if self.characters > MOST_CHARACTERS:
            sentence = f"The cells hold more than {MOST_CHARACTERS:,} characters together. Delete what is not needed."
            raise ReadingRefused(sentence)


def parse(
    pieces: Iterator[bytes],
    *,
    started: Callable[[str, dict[str, str]], None],
    ended: Callable[[str], None],
    said: Callable[[str], None],
) -> None:
    """Read XML strictly, as UTF-8 whatever it says of itself: what two readers may read differently is refused."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = said, refused
    try:
        for piece in pieces:
            parser.Parse(piece, False)  # noqa: FBT003  the parser takes no name for it
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise ReadingRefused(DAMAGED) from error


def refused(*_declared: object) -> None:
    """Refuse a declaration of types: no program writes one into a workbook."""
    raise ReadingRefused(DAMAGED)


def ignored(_name: str) -> None:
    """Do nothing at the end of an element."""


@lru_cache(maxsize=100)
def local(name: str) -> str:
    """Return the name of an element without its prefix."""
    return name.rpartition(":")[2]


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """Number a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number
