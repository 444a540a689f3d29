"""The test bed, plugged in; what each part gives is said in its own file."""

import gc

from hypothesis import settings as hypothesis_settings

# A busy machine is slow, not wrong: how long one example takes says nothing about the rule.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")

# What is imported and collected stays: looking through it again and again as it grows finds nothing to throw away.
gc.disable()

pytest_plugins = [
    "tests.bed.collecting",
    "tests.bed.recording",
    "tests.bed.databases",
    "tests.bed.application",
    "tests.bed.servers.server",
    "tests.bed.servers.elsewhere",
    "tests.bed.mail",
    "tests.bed.servers.smtp",
    "tests.bed.browser",
    "tests.bed.clock",
    "tests.demo.telling",
]


def pytest_collection_finish() -> None:
    """Leave what was imported out of every later collection: it never goes away, and looking at it is slow."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
