"""Settings refuse to start half-configured: the key, above all."""

import secrets
from pathlib import Path

import pytest

from programme.config import Settings
from programme.settings.reading import SettingsError
from tests.bed.application import PLAIN

SAMPLES = (
    "",
    "short-but-random-8f2k",
    "change-me" * 5,
    "please-CHANGE_ME-before-you-start-0123456789",
    "Your Secret goes here, at least 32 characters",
    "an-example-key-0123456789-abcdefghijkl",
    "this-is-a-sample-0123456789-abcdefghijkl",
    "secret_key_here_0123456789_abcdefghijkl",
    "django-insecure-0123456789-abcdefghijkl",
    "default-0123456789-abcdefghijklmnopqrst",
    "a" * 64,
    "01234567" * 8,
)


def settings_with(key: str, **others: str) -> Settings:
    """Return settings with a key."""
    given = {**PLAIN, "PROGRAMME_ENV": "/nowhere.env", "DATABASE_URL": "sqlite:///x.sqlite", **others}
    return Settings.from_environment({**given, "SECRET_KEY": key})


@pytest.mark.parametrize("key", SAMPLES)
@pytest.mark.parametrize("demo", ["0", "1"])
def test_sample_key_is_refused_even_for_a_demonstration(key: str, demo: str) -> None:
    with pytest.raises(SettingsError, match="not a sample: `programme init` writes one"):
        settings_with(key, DEMO=demo)


def test_random_key_is_taken() -> None:
    for _ in range(200):
        key = secrets.token_urlsafe(48)
        assert settings_with(key).secret_key == key
    assert settings_with(secrets.token_hex(32)).secret_key
    assert settings_with(PLAIN["SECRET_KEY"]).secret_key


@pytest.mark.parametrize(
    ("ending", "starttls"),
    [("", False), ("?starttls=0", False), ("?starttls=1", True), ("?starttls=True", True), ("?starttls=on", True)],
)
def test_mail_url_says_whether_letters_go_encrypted(ending: str, starttls: bool) -> None:  # noqa: FBT001
    settings = settings_with(PLAIN["SECRET_KEY"], MAIL_URL=f"smtp://mail.example:587{ending}")
    assert settings.mail.starttls is starttls


@pytest.mark.parametrize("ending", ["?starttls", "?starttls=", "?starttls=maybe", "?tls=1", "?starttls=1&verify=0"])
def test_mail_url_that_only_seems_to_ask_for_encryption_is_refused(ending: str) -> None:
    with pytest.raises(SettingsError, match="starttls=1"):
        settings_with(PLAIN["SECRET_KEY"], MAIL_URL=f"smtp://mail.example:587{ending}")


@pytest.mark.parametrize(
    "text", ["programme", "Programme <programme@example.ac.uk>", "a@b@example.ac.uk", "a b@example.ac.uk", "a@-x.uk"]
)
def test_address_that_letters_come_from_is_a_plain_one(text: str) -> None:
    with pytest.raises(SettingsError, match="MAIL_FROM must be a plain address"):
        settings_with(PLAIN["SECRET_KEY"], MAIL_FROM=text)
    assert settings_with(PLAIN["SECRET_KEY"], MAIL_FROM=" a+b@x.example ").mail_from == "a+b@x.example"


def test_certificates_to_trust_must_be_there_where_they_are_needed(tmp_path: Path) -> None:
    absent = str(tmp_path / "none.pem")
    with pytest.raises(SettingsError, match=r"SSL_CERT_FILE names .* no such file"):
        settings_with(PLAIN["SECRET_KEY"], MAIL_URL="smtp://mail.example?starttls=1", SSL_CERT_FILE=absent)
    assert settings_with(PLAIN["SECRET_KEY"], SSL_CERT_FILE=absent).mail.captures


@pytest.mark.parametrize(
    ("url", "port", "encryption"),
    [
        ("imaps://bounces:sesame@mail.example", 993, "tls"),
        ("imaps://bounces:sesame@mail.example:1993/INBOX", 1993, "tls"),
        ("imap://bounces:sesame@mail.example", 143, "starttls"),
        ("imap://bounces:sesame@mail.example?starttls=1", 143, "starttls"),
        ("imap://bounces:sesame@localhost:1143?starttls=0", 1143, "none"),
    ],
)
def test_inbox_is_encrypted_unless_it_is_said_that_it_is_not(url: str, port: int, encryption: str) -> None:
    settings = settings_with(PLAIN["SECRET_KEY"], IMAP_URL=url)
    assert settings.inbox is not None
    assert (settings.inbox.port, settings.inbox.encryption.value, settings.inbox.folder) == (port, encryption, "INBOX")
    assert settings.bounce_address == PLAIN["MAIL_FROM"]


def test_inbox_has_names_of_any_letters() -> None:
    url = "imaps://b%40x.example:p%2Fw%20%C3%A9@mail.example/Bounces%2FIn"
    inbox = settings_with(PLAIN["SECRET_KEY"], IMAP_URL=url).inbox
    assert inbox is not None
    assert (inbox.user, inbox.password, inbox.folder) == ("b@x.example", "p/w é", "Bounces/In")


@pytest.mark.parametrize(
    "url",
    [
        "pop3://a:b@mail.example",
        "imaps://mail.example",
        "imaps://a@mail.example",
        "imaps://a:b@",
        "imaps://a:b@mail.example:x",
        "imaps://a:b@mail.example?starttls=0",
        "imap://a:b@mail.example?starttls=maybe",
        "imap://a:b@mail.example?tls=1",
        "imaps://a:b%0D%0Ax@mail.example",
        "imaps://a:b@[::1",
    ],
)
def test_inbox_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        settings_with(PLAIN["SECRET_KEY"], IMAP_URL=url)


def test_bounces_go_where_somebody_reads_them() -> None:
    assert settings_with(PLAIN["SECRET_KEY"]).bounce_address == ""
    own = settings_with(PLAIN["SECRET_KEY"], BOUNCE_ADDRESS="bounces@programme.example")
    assert (own.bounce_address, own.inbox) == ("bounces@programme.example", None)


@pytest.mark.parametrize(
    "address", ["bounces", "@x.example", "a+b@x.example", f"{'a' * 31}@x.example", "a b@x.example"]
)
def test_return_path_that_leaves_no_room_for_a_mark_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="BOUNCE_ADDRESS must be"):
        settings_with(PLAIN["SECRET_KEY"], BOUNCE_ADDRESS=address)
