"""Typed settings from the environment and `.env`; refuses to start half-configured."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from dotenv import dotenv_values

from programme.fetching_setting import hosts_allowed
from programme.inbox_setting import inbox_at, plain_address, return_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.inbox_setting import Inbox

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_WORDS = (
    "change-me",
    "changeme",
    "default",
    "example",
    "insecure",
    "placeholder",
    "replace-me",
    "replaceme",
    "sample",
    "secret-key",
    "secretkey",
    "your-secret",
    "yoursecret",
)
"""What keys copied from somebody's pages contain; a random one has none of it in a million years of trying."""
SHORTEST_SECRET = 32
FEWEST_LETTERS = 10
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
MOST_MONTHS = 120
MOST_CONNECTIONS = 50
MOST_MEGABYTES = 40


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which one and what to do."""


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


@dataclass(frozen=True)
class Settings:
    """Everything an installation decides; built by `from_environment`."""

    database_url: str
    secret_key: str
    base_url: str
    mail: MailServer
    mail_from: str
    store: Path
    bounce_address: str = ""
    inbox: Inbox | None = None
    help_address: str = ""
    demo: bool = False
    testing: bool = False
    redis_url: str | None = None
    trusted_proxies: int = 0
    sign_up_limit: str = "300 per minute"
    sign_in_limit: str = "20 per minute"
    sign_in_address_limit: str = "10 per 15 minutes"
    search_limit: str = "600 per minute"
    registrations_kept_months: int = 12
    mail_connections: int = 8
    mail_connections_each: int = 0
    """Of these, how many one dispatcher takes at most; 0 is all."""
    mail_rate: int = 0
    mail_patience: int = 600
    upload_bytes: int = 20 * 1024 * 1024
    form_bytes: int = 4 * 1024 * 1024
    file_megabytes: int = 10
    """How large a file may be that somebody hands in with a form, whatever a question allows."""
    fetching_from: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read `.env` (beside the project, or at PROGRAMME_ENV) under the environment.

        Raises SettingsError naming the first setting that is missing or wrong.
        """
        given = {**read_env_file(environ), **(os.environ if environ is None else environ)}
        demo = truth(given, "DEMO")
        store = Path(given.get("STORE", "var"))
        store = store if store.is_absolute() else ROOT / store
        return cls(
            database_url=database_url(required(given, "DATABASE_URL")),
            secret_key=secret_key(given),
            base_url=base_url(given, demo=demo),
            mail=mail_server(given, demo=demo),
            mail_from=mail_from(given, demo=demo),
            store=store,
            bounce_address=bounce_address(given),
            inbox=inbox(given),
            help_address=given.get("HELP_ADDRESS") or given.get("MAIL_FROM", ""),
            demo=demo,
            redis_url=given.get("REDIS_URL") or None,
            trusted_proxies=whole_number(given, "TRUSTED_PROXIES", 0),
            sign_up_limit=given.get("SIGN_UP_LIMIT", cls.sign_up_limit),
            sign_in_limit=given.get("SIGN_IN_LIMIT", cls.sign_in_limit),
            sign_in_address_limit=given.get("SIGN_IN_ADDRESS_LIMIT", cls.sign_in_address_limit),
            search_limit=given.get("SEARCH_LIMIT", cls.search_limit),
            mail_connections=connections(given, "MAIL_CONNECTIONS", cls.mail_connections),
            mail_connections_each=connections(given, "MAIL_CONNECTIONS_EACH", cls.mail_connections_each),
            mail_rate=whole_number(given, "MAIL_RATE", cls.mail_rate),
            mail_patience=max(1, whole_number(given, "MAIL_PATIENCE", cls.mail_patience)),
            file_megabytes=megabytes(given, "FILE_MEGABYTES", cls.file_megabytes),
            fetching_from=fetching_from(given),
            registrations_kept_months=months(given, "REGISTRATIONS_KEPT_MONTHS", cls.registrations_kept_months),
        )


def read_env_file(environ: Mapping[str, str] | None) -> dict[str, str]:
    """The pairs of the env file; empty when there is none."""
    path = Path((os.environ if environ is None else environ).get("PROGRAMME_ENV", str(ROOT / ".env")))
    return {key: value for key, value in dotenv_values(path).items() if value is not None} if path.is_file() else {}


def required(given: Mapping[str, str], name: str) -> str:
    """The value of `name`, which must be there."""
    return given.get(name) or missing(name)


def missing(name: str) -> str:
    """Refuse to start without `name`."""
    raise SettingsError(f"{name} is not set. Put it into the environment or into .env (`programme init` writes one).")


def secret_key(given: Mapping[str, str]) -> str:
    """Return the key that signs links and messages; one that others could guess is refused, a demonstration's too."""
    key = given.get("SECRET_KEY", "")
    plain = key.lower().replace("_", "-").replace(" ", "-")
    if len(key) < SHORTEST_SECRET or len(set(key)) < FEWEST_LETTERS or any(word in plain for word in SAMPLE_WORDS):
        raise SettingsError(
            f"SECRET_KEY must be a random text of at least {SHORTEST_SECRET} characters, not a sample: "
            "`programme init` writes one."
        )
    return key


def truth(given: Mapping[str, str], name: str) -> bool:
    """Read a yes/no setting; absent means no."""
    return given.get(name, "").strip().lower() in YES


def whole_number(given: Mapping[str, str], name: str, default: int) -> int:
    """Read a setting that counts something."""
    text = given.get(name, "").strip() or str(default)
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def months(given: Mapping[str, str], name: str, default: int) -> int:
    """Read a setting that counts months; none or a century of them is a slip."""
    number = whole_number(given, name, default)
    if not 1 <= number <= MOST_MONTHS:
        raise SettingsError(f"{name} must be a number of months from 1 to {MOST_MONTHS}, not {number}.")
    return number


def megabytes(given: Mapping[str, str], name: str, default: int) -> int:
    """Read how large a file may be; more than fits into one request is a slip."""
    number = whole_number(given, name, default)
    if not 1 <= number <= MOST_MEGABYTES:
        raise SettingsError(f"{name} must be a number of megabytes from 1 to {MOST_MEGABYTES}, not {number}.")
    return number


def connections(given: Mapping[str, str], name: str, default: int) -> int:
    """Read how many connections the mail server takes: from all of us together, or from one dispatcher."""
    number = whole_number(given, name, default)
    if number != default and not 1 <= number <= MOST_CONNECTIONS:
        raise SettingsError(f"{name} must be a number from 1 to {MOST_CONNECTIONS}, not {number}.")
    return number


def database_url(text: str) -> str:
    """Name the driver we use; relative SQLite files stand beside the project."""
    scheme, _, rest = text.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite":
        file = rest.removeprefix("/")
        return f"sqlite:///{file if Path(file).is_absolute() else ROOT / file}"
    raise SettingsError("DATABASE_URL must start with sqlite:/// or postgresql://.")


def base_url(given: Mapping[str, str], *, demo: bool) -> str:
    """Return the address people use, without a trailing slash."""
    default = f"http://127.0.0.1:{given.get('PORT', '8000')}" if demo else ""
    text = (given.get("BASE_URL") or default or missing("BASE_URL")).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise SettingsError(f"BASE_URL must be an http or https address, not {text!r}.")
    return text


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


def fetching_from(given: Mapping[str, str]) -> frozenset[str]:
    """Return the hosts that calendars may be fetched from although they are not the public's."""
    try:
        return hosts_allowed(given.get("ALLOW_FETCHING_FROM", ""))
    except ValueError as error:
        raise SettingsError(str(error)) from None


def authorities(given: Mapping[str, str]) -> Path | None:
    """Return the file of certificates named by SSL_CERT_FILE, in the environment or in `.env`."""
    text = given.get("SSL_CERT_FILE", "").strip()
    if text and not Path(text).is_file():
        raise SettingsError(f"SSL_CERT_FILE names {text}, and there is no such file.")
    return Path(text) if text else None
