"""Bytes to text, whatever program saved them."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

# The longest first: the mark of UTF-16 begins the one of UTF-32.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_BREAK = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")


class Decoded(NamedTuple):
    """Text, the encoding it was in, and whether bytes had to be replaced."""

    text: str
    encoding: str
    has_replacements: bool


def decode(data: bytes) -> Decoded:
    """Read text by its byte-order mark, as UTF-16 by its zeros, as UTF-8, and failing all as Windows-1252.

    Never raises: bytes that mean nothing become U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _read(data, encoding)
    return _read(data, _unmarked(data))


def clean(text: str) -> str:
    """Make a cell fit to keep: one form of each letter, plain line ends, no control characters, trimmed.

    Text that was spoilt at its source stays as it is: we do not guess.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    plain = _CONTROL.sub("", _BREAK.sub("\n", text))
    return unicodedata.normalize("NFC", plain).strip()


def _unmarked(data: bytes) -> str:
    sample = data[:_SAMPLE]
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) // 4:
        return "utf-16-be"
    try:
        data.decode()
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _read(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding, has_replacements=False)
    except UnicodeDecodeError:
        return Decoded(data.decode(encoding, errors="replace"), encoding, has_replacements=True)
