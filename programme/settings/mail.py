"""Settings of mail: where letters are handed over, whom they are from, where those that come back are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from programme.settings.inbox import inbox_at, plain_address, return_address
from programme.settings.reading import NO, YES, SettingsError, missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.settings.inbox import Inbox


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over: `host` None means captured in the database.

    `authorities` is a file of certificates to trust instead of the system's.
    """

    host: str | None = None
    port: int = 25
    user: str | None = None
    password: str | None = None
    starttls: bool = False
    authorities: Path | None = None

    @property
    def captures(self) -> bool:
        """Whether letters stay in the database, readable at /mailbox."""
        return self.host is None


def mail_from(given: Mapping[str, str], *, demo: bool) -> str:
    """Return the address that letters come from: a slip here would stop each of them, so it stops the start."""
    text = given.get("MAIL_FROM", "programme@example.ac.uk" if demo else "").strip() or missing("MAIL_FROM")
    try:
        return plain_address(text, name="MAIL_FROM")
    except ValueError as error:
        raise SettingsError(str(error)) from None


def mail_server(given: Mapping[str, str], *, demo: bool = False) -> MailServer:
    """Parse MAIL_URL: `smtp://user:password@host:port?starttls=1` or `capture://`."""
    parts = urlsplit(given.get("MAIL_URL") or ("capture://" if demo else missing("MAIL_URL")))
    if parts.scheme == "capture":
        return MailServer()
    if parts.scheme != "smtp" or not parts.hostname:
        raise SettingsError("MAIL_URL must be smtp://user:password@host:port?starttls=1 or capture://.")
    try:
        port = parts.port or 25
    except ValueError:
        raise SettingsError("MAIL_URL has a port that is not a number.") from None
    starttls = wants_starttls(parts.query)
    return MailServer(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        starttls=starttls,
        authorities=authorities(given) if starttls else None,
    )


def wants_starttls(query: str) -> bool:
    """Whether MAIL_URL asks for encryption; what is neither yes nor no is refused, since letters would go in clear."""
    asked = parse_qs(query, keep_blank_values=True)
    answer = asked.get("starttls", ["0"])[-1].strip().lower()
    if set(asked) - {"starttls"} or answer not in {*YES, *NO}:
        raise SettingsError("MAIL_URL may end in ?starttls=1 or ?starttls=0 and in nothing else.")
    return answer in YES


def inbox(given: Mapping[str, str]) -> Inbox | None:
    """Return the mailbox that IMAP_URL names, if there is one."""
    text = given.get("IMAP_URL", "").strip()
    try:
        return inbox_at(text, authorities=authorities(given) if text else None)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def bounce_address(given: Mapping[str, str]) -> str:
    """Return where bounces go: BOUNCE_ADDRESS, or MAIL_FROM where an inbox is read; empty where nobody reads them."""
    read = given.get("MAIL_FROM", "") if given.get("IMAP_URL") else ""
    try:
        return return_address(given.get("BOUNCE_ADDRESS", "").strip() or read)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def authorities(given: Mapping[str, str]) -> Path | None:
    """Return the file of certificates named by SSL_CERT_FILE, in the environment or in `.env`."""
    text = given.get("SSL_CERT_FILE", "").strip()
    if text and not Path(text).is_file():
        raise SettingsError(f"SSL_CERT_FILE names {text}, and there is no such file.")
    return Path(text) if text else None
