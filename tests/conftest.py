"""The test bed, plugged in; what each part gives is said in its own file."""

import gc

import pytest
from hypothesis import settings as hypothesis_settings

# A busy machine is slow, not wrong: how long one example takes says nothing about the rule.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")

pytest_plugins = [
    "tests.bed.databases",
    "tests.bed.application",
    "tests.bed.server",
    "tests.bed.mail",
    "tests.bed.smtp",
    "tests.bed.browser",
    "tests.bed.clock",
]

SLOWEST = ("tests/soak/", "tests/browser/test_", "tests/relay/", "tests/browser/", "tests/commands/", "tests/test_")
"""Where tests take long, the longest first: workers ask for one at a time, so that none ends long after another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long before all that does not."""
    items.sort(key=lambda item: next((n for n, at in enumerate(SLOWEST) if item.nodeid.startswith(at)), len(SLOWEST)))


def pytest_collection_finish() -> None:
    """Leave what was imported out of every later collection: it never goes away, and looking at it is slow."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
