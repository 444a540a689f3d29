"""Typed settings from the environment and `.env`; refuses to start half-configured."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dotenv import dotenv_values

from programme.settings.mail import MailServer, bounce_address, inbox, mail_from, mail_server
from programme.settings.reading import (
    SettingsError,
    connections,
    megabytes,
    missing,
    months,
    required,
    truth,
    whole_number,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.settings.inbox import Inbox

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
            registrations_kept_months=months(given, "REGISTRATIONS_KEPT_MONTHS", cls.registrations_kept_months),
        )


def read_env_file(environ: Mapping[str, str] | None) -> dict[str, str]:
    """The pairs of the env file; empty when there is none."""
    path = Path((os.environ if environ is None else environ).get("PROGRAMME_ENV", str(ROOT / ".env")))
    return {key: value for key, value in dotenv_values(path).items() if value is not None} if path.is_file() else {}


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
