"""What a run may not do without: named in PROGRAMME_TESTS_REQUIRE, an absence is a failure and not a skip."""

import os
from typing import NoReturn

import pytest

KNOWN = frozenset({"postgresql", "browser", "smtp", "postfix", "opendkim", "dovecot"})


def lacking(name: str, *, because: str) -> NoReturn:
    """Skip the test, or fail it where `name` is required."""
    if name in required():
        pytest.fail(f"{name} is required here, but {because}", pytrace=False)
    pytest.skip(f"no {name}: {because}")


def required() -> frozenset[str]:
    """The needs that this run insists on."""
    named = frozenset(filter(None, os.environ.get("PROGRAMME_TESTS_REQUIRE", "").split(",")))
    if not named <= KNOWN:
        pytest.exit(f"PROGRAMME_TESTS_REQUIRE knows {sorted(KNOWN)}, not {sorted(named - KNOWN)}", returncode=2)
    return named
