"""Workers share the reading of the tests: each translates its part of them first, and finds the rest translated.

In a fresh clone nothing is translated yet. All at once, from the first file on, each worker would translate every file.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module

import pytest

from programme.config import ROOT


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Import every so manieth file of those that are asked for: what is wrong with one is told when it is collected."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if isinstance(collector, pytest.Session) and workers > 1:
        number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
        for name in sorted(names(collector))[number % workers :: workers]:
            with suppress(Exception):
                import_module(name)


def names(session: pytest.Session) -> Iterator[str]:
    """The modules of tests below the folders that are asked for."""
    folders = [session.config.invocation_params.dir / argument for argument in session.config.args]
    for path in [path for folder in folders if folder.is_dir() for path in folder.resolve().rglob("test_*.py")]:
        if path.is_relative_to(ROOT / "tests"):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts)
