"""Setting a paper as PDF/UA: what it says goes in as data, so nothing that somebody wrote is ever read as markup."""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from programme.config import ROOT
from programme.core.lazy import load

if TYPE_CHECKING:
    from collections.abc import Mapping

PAPERS = ROOT / "templates" / "papers"
STANDARDS = ["ua-1"]
"""PDF/UA-1: tagged, with title and language; what is missing for it is an error here and not a worse paper."""
SURE = 0x0530
"""Latin, Greek and Cyrillic lie below: the fonts that come with the library have them."""
PROBE = '#set document(title: "Probe")\n#set text(lang: "en")\n= #sys.inputs.data'


def pdf_of(paper: str, told: Mapping[str, Any]) -> bytes:
    """Set the paper of a name with what it says."""
    made: bytes = load("typst").compile(
        (PAPERS / f"{paper}.typ").read_bytes(), sys_inputs={"data": json.dumps(told)}, pdf_standards=STANDARDS
    )
    return made


def settable(text: str) -> str:
    """Return a text without the letters that no font here has."""
    return "".join(letter for letter in unicodedata.normalize("NFC", text) if has_font(letter)).strip()


def has_font(letter: str) -> bool:
    """Whether a letter can be set."""
    return (letter.isprintable() and ord(letter) < SURE) or is_set(letter)


@lru_cache(maxsize=20_000)
def is_set(letter: str) -> bool:
    """Whether a letter comes out, found by setting it: a few milliseconds, once for each."""
    typst = load("typst")
    if not letter.isprintable():
        return False
    try:
        typst.compile(PROBE.encode(), sys_inputs={"data": f"a{letter}"}, pdf_standards=STANDARDS)
    except typst.TypstError:
        return False
    return True
