"""Messages as mail systems send them back, in their shapes and in invented words."""

from collections.abc import Callable, Mapping

from programme.config import ROOT

TO = "programme@programme.example"
DEAD = "alice@liverpool.example"
SHAPES = ROOT / "tests/data/returns"
AWAY = "Auto-Submitted: auto-replied (vacation)"


def message(shape: str, **given: str) -> bytes:
    """A message of a shape, as it is on the wire."""
    return (SHAPES / f"{shape}.txt").read_text().format(**given).replace("\n", "\r\n").encode()


def postfix(
    *,
    to: str = TO,
    message_id: str = "<unknown@elsewhere.example>",
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 <alice@liverpool.example>: Recipient address rejected: no such mouse",
    recipient: str = DEAD,
    original: str = DEAD,
) -> bytes:
    """A report of Postfix."""
    return message(
        "postfix",
        to=to,
        message_id=message_id,
        status=status,
        action=action,
        diagnostic=diagnostic,
        recipient=recipient,
        original=original,
    )


def exim(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>") -> bytes:
    """A report of Exim: its status is 5.0.0, the reason stands in the diagnosis, the letter is given back whole."""
    return message("exim", to=to, message_id=message_id)


def exchange(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>") -> bytes:
    """A report of Microsoft 365: HTML, a status of two figures at the end, fields of its own."""
    return message("exchange", to=to, message_id=message_id)


def gmail(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>") -> bytes:
    """A report as Gmail shapes it: pictures beside it, and `X-Original-Message-ID` among the per-message fields."""
    return message("gmail", to=to, message_id=message_id)


def qmail(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>") -> bytes:
    """A message of qmail, which knows no reports: only a person understands it."""
    return message("qmail", to=to, message_id=message_id)


def complaint(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>", kind: str = "abuse") -> bytes:
    """A feedback report of somebody who pressed the button for unwanted mail."""
    return message("complaint", to=to, message_id=message_id, kind=kind)


def absence(*, to: str = TO, message_id: str = "<unknown@elsewhere.example>", mark: str = AWAY) -> bytes:
    """What an answering machine says."""
    return message("absence", to=to, message_id=message_id, mark=mark)


DEAD_ENDS: Mapping[str, Callable[..., bytes]] = {
    "postfix": postfix,
    "exim": exim,
    "exchange": exchange,
    "gmail": gmail,
}
"""Reports that an address does not exist, by who writes them."""
