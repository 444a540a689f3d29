"""The name of a file, as we keep it: what a browser sent, without folders, tricks and unprintable letters."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
BAD = re.compile(r"[<>:\"/\\|?*]")
UNNAMED = "file"


def clean_name(sent: str) -> str:
    """Return a name of one line: no folder, no leading dot, nothing that turns the direction of writing."""
    bare = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    spaced = "".join(" " if letter.isspace() else letter for letter in bare)
    seen = "".join(letter for letter in spaced if unicodedata.category(letter)[0] != "C")
    tidy = " ".join(BAD.sub(" ", seen).split()).strip(". ")
    stem, dot, ending = tidy.rpartition(".")
    if not dot:
        return tidy[:LONGEST] or UNNAMED
    return f"{stem.strip()[: LONGEST - len(ending) - 1] or UNNAMED}.{ending}"[:LONGEST]
