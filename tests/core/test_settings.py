"""Settings refuse to start half-configured: the key, above all."""

import secrets
from pathlib import Path

import pytest

from programme.config import Settings, SettingsError
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


def test_certificates_to_trust_must_be_there_where_they_are_needed(tmp_path: Path) -> None:
    absent = str(tmp_path / "none.pem")
    with pytest.raises(SettingsError, match=r"SSL_CERT_FILE names .* no such file"):
        settings_with(PLAIN["SECRET_KEY"], MAIL_URL="smtp://mail.example?starttls=1", SSL_CERT_FILE=absent)
    assert settings_with(PLAIN["SECRET_KEY"], SSL_CERT_FILE=absent).mail.captures
