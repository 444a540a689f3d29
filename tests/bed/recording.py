"""Finding the tests of pages and letters for which either database does (decision 0027): others send what they send.

`PROGRAMME_WRITE_EITHER=1 pytest --numprocesses 0 tests -k sqlite` writes the list anew.
"""

import inspect
import os
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

IS_WANTED = bool(os.environ.get("PROGRAMME_WRITE_EITHER"))
LISTED = Path(__file__).with_name("either.txt")
PAGES = ("tests/screens/", "tests/house/templates/")
MAY_DIFFER = re.compile(
    r"2 ?\*\* ?63|LARGEST|\\x00|\\0|NUL\b|hostile|(?:\b|_)odd|\bbig|LIMIT_|sort=|[?&]q=|\"q\"|\blike\b|lower\(|collat"
    r"|(?:\b|_)race|Thread|at_once|\block|concurren|begin_writing|IntegrityError|execute\(|statements\("
    r"|quer(?:y|ies)|the_database|order|twice|double",
    re.IGNORECASE,
)
"""What tells that databases may differ though the statement is the same: odd values, order, search, races, doubles."""

Sent = dict[str, set[str]]


class Recording:
    """What each test sent to a database, and how long it took."""

    def __init__(self) -> None:
        self.sent: Sent = {}
        self.took: Counter[str] = Counter()
        self.odd: set[str] = set()
        self.now: set[str] = set()

    def note(self, _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: Any) -> None:
        """Note a statement as it was before its lists were filled in."""
        self.now.add(str(getattr(context, "compiled", None) or statement))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what a test sends that runs on both."""
        began, self.now = time.process_time(), set()
        yield
        if not isinstance(item, pytest.Function) or "database_kind" not in item.fixturenames:
            return
        if not item.get_closest_marker("one_database"):
            name = item.nodeid.partition("[")[0]
            self.sent.setdefault(name, set()).update(self.now)
            self.took[name] += int(1000 * (time.process_time() - began))
            if MAY_DIFFER.search(inspect.getsource(item.function)):
                self.odd.add(name)

    def pytest_sessionfinish(self) -> None:
        """Write the list, longest tests first into it."""
        pages = [name for name, _ in self.took.most_common() if name.startswith(PAGES) and name not in self.odd]
        LISTED.write_text("".join(f"{name}\n" for name in sorted(spared(pages, self.sent))), encoding="utf-8")


def spared(names: Iterable[str], sent: Sent) -> Iterator[str]:
    """Those of `names` without which every statement is still sent by a test that stays."""
    senders = Counter(statement for statements in sent.values() for statement in statements)
    for name in names:
        if all(senders[statement] > 1 for statement in sent[name]):
            senders.subtract(sent[name])
            yield name


def pytest_configure(config: pytest.Config) -> None:
    """Record where that is wanted."""
    if IS_WANTED:
        recording = Recording()
        event.listen(Engine, "before_cursor_execute", recording.note)
        config.pluginmanager.register(recording)
