"""Takes the file that came with a form of a record: how large it may be, and where it lies until the form is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request

from programme.core.files.kinds import MEGABYTE
from programme.core.refusal import Refusal
from programme.strands.cohorts.records.evidence import ACCEPTS

if TYPE_CHECKING:
    from programme.engines.documents.shelf import Laid

REST_OF_FORM = 2 * MEGABYTE


def largest() -> int:
    """Return how many bytes a file may have."""
    return int(current_app.extensions["settings"].file_megabytes) * MEGABYTE


def take_more() -> None:
    """Read twice the largest file, so that one that is too large is answered with a sentence."""
    request.max_content_length = max(request.max_content_length or 0, 2 * largest() + REST_OF_FORM)


def laid_file() -> Laid | None:
    """Lay down the file that came, if one did."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    shelf = current_app.extensions["shelf"]
    try:
        laid: Laid = shelf.lay(file.stream, file.filename, accepts=ACCEPTS, most=largest())
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="file") from refusal
    return laid
