"""Machines as a fixture."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.commands.machines import Machine


@pytest.fixture
def machine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Machine]]:
    """Make machines on a database of a kind, without any table unless it is to have them."""
    with ExitStack() as stack:

        def made(kind: str, *, has_tables: bool = False) -> Machine:
            databases = request.getfixturevalue(f"{kind}_databases")
            url = stack.enter_context(databases.migrated() if has_tables else databases.empty())
            store = tmp_path / str(len(list(tmp_path.iterdir())))
            store.mkdir()
            found = Machine(url, store, patch=monkeypatch)
            stack.callback(found.close)
            return found

        yield made
