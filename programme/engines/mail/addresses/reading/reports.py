"""What a report of delivery says: RFC 3464, as Postfix, Exim, Exchange, Gmail and others write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.mail.addresses.states import Meaning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.engines.mail.addresses.reading.parts import Fields

STATUS = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?![\w.]*\d)")
GRAVEST_FIRST = (Meaning.HARD, Meaning.POLICY, Meaning.SOFT, Meaning.DELAYED, Meaning.AUTOMATIC, Meaning.UNKNOWN)
ABOUT_THE_SENDER = frozenset({7, 8})
"""5.1.7 and 5.1.8 say that the sender's address is bad: that is ours."""
LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a letter at one recipient; `recipient` is whom it failed for in the end."""

    meaning: Meaning
    status: str = ""
    detail: str = ""
    recipient: str = ""


def gravest(reports: Iterable[Report]) -> Report:
    """Return the report that weighs most: we write to one recipient at a time, so all are about one letter."""
    return min(reports, key=lambda report: GRAVEST_FIRST.index(report.meaning), default=Report(Meaning.UNKNOWN))


def report_of(block: Fields) -> Report | None:
    """Read the fields about one recipient; None where they are about none."""
    recipient = address_in(block.first("final-recipient"))
    action = block.first("action").partition(" ")[0].lower()
    if not (recipient or action):
        return None
    diagnostic = block.first("diagnostic-code")
    status = status_of(block.first("status"), diagnostic)
    detail = (diagnostic.partition(";")[2].strip() or diagnostic)[:LONGEST_DETAIL]
    return Report(judged(action, status), status, detail, recipient)


def judged(action: str, status: str) -> Meaning:
    """Say what an action and a status mean together.

    Postfix reports `failed` with 4.2.2 when it gives up on a full mailbox: the first figure decides, not the action.
    """
    if action != "failed":
        return {"delayed": Meaning.DELAYED, "": Meaning.UNKNOWN}.get(action, Meaning.AUTOMATIC)
    return refusal(status)


def refusal(status: str) -> Meaning:
    """Say what a refusal of a status means: hard where there is no such address, policy where it is about us."""
    match = STATUS.fullmatch(status)
    if match is None or match[1] != "5":
        return Meaning.SOFT
    subject, detail = int(match[2]), int(match[3])
    if subject == 7 or (subject == 1 and detail in ABOUT_THE_SENDER):  # noqa: PLR2004  RFC 3463: X.7 is policy
        return Meaning.POLICY
    return Meaning.HARD if subject == 1 or (subject, detail) == (2, 1) else Meaning.SOFT


def status_of(status: str, diagnostic: str) -> str:
    """Return the status of a report: Exim says 5.0.0, and what it was told only in the diagnosis."""
    told = status_in(status)
    if told and not told.endswith(".0.0"):
        return told
    found = status_in(diagnostic)
    return found if found and found[0] == (told or found)[0] else told


def status_in(text: str) -> str:
    """Return the first enhanced status code in a text, such as 5.1.1; empty where there is none."""
    match = STATUS.search(text)
    return match[0] if match else ""


def address_in(field: str) -> str:
    """Return the address of a field like `rfc822; <alice@example.org>`."""
    return field.rpartition(";")[2].strip().strip("<>").strip()
