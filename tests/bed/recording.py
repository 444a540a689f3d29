"""Finding the tests for which either database does (decision 0027): others send what they send, to both.

`PROGRAMME_WRITE_EITHER=anew pytest --numprocesses 2 tests -k sqlite` writes the list anew; `more`, and some folders,
lets tests from there join it, as long as others from there that stay on both send what they send.
"""

import inspect
import os
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

WANTED = os.environ.get("PROGRAMME_WRITE_EITHER", "")
IS_WANTED = WANTED in {"anew", "more"}
IS_EACH_ON_BOTH = IS_WANTED or os.environ.get("BOTH", "") not in {"", "0"}
LISTED = Path(__file__).with_name("either.txt")
FREE = ("tests/screens/", "tests/strands/", "tests/flows/", "tests/house/templates/")
"""Where tests may be that run on either: of pages and letters, and of what is put together from engines' verbs."""
BOTH = ("tests/flows/races/",)
"""Where nothing is spared, though it lies within."""
MAY_DIFFER = re.compile(
    r"2 ?\*\* ?63|LARGEST|\\x00|\\0|NUL\b|hostile|(?:\b|_)odd|\bbig|LIMIT_|sort=|[?&]q=|\"q\"|\blike\b|lower\(|collat"
    r"|(?:\b|_)race|Thread|at_once|\block|concurren|begin_writing|IntegrityError|execute\(|statements\("
    r"|quer(?:y|ies)|the_database|order|twice|double|asks?_as_|second_of_two|meanwhile|keeping|erase",
    re.IGNORECASE,
)
"""What tells that databases may differ by the same statement: odd values, order, search, races, doubles, erasure."""

Sent = dict[str, set[str]]


class Recording:
    """What each test sent to a database, and how long it took."""

    def __init__(self) -> None:
        self.sent: Sent = {}
        self.took: Counter[str] = Counter()
        self.free: set[str] = set()
        self.now: set[str] = set()

    def note(self, _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: Any) -> None:
        """Note a statement as it was before its lists were filled in."""
        said = str(getattr(context, "compiled", None) or statement)
        self.now.add(blake2b(said.encode(), digest_size=8).hexdigest())

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
            if may_be_free(name) and not MAY_DIFFER.search(name + inspect.getsource(item.function)):
                self.free.add(name)

    def pytest_testnodedown(self, node: Any) -> None:
        """Take in what a worker noted."""
        for name, took, is_free, sent in node.workeroutput["recorded"]:
            self.took[name] += took
            self.sent.setdefault(name, set()).update(sent)
            self.free |= {name} if is_free else set()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the list, longest tests first into it; a worker hands over what it noted."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            rows = [(name, self.took[name], name in self.free, sorted(sent)) for name, sent in self.sent.items()]
            output["recorded"] = rows
            return
        kept = LISTED.read_text(encoding="utf-8").split() if WANTED == "more" else []
        free = [name for name, _ in self.took.most_common() if name in self.free and name not in kept]
        others = {name: sent for name, sent in self.sent.items() if name not in kept}
        listed = {*kept, *spared(free, others)}
        LISTED.write_text("".join(f"{name}\n" for name in sorted(listed)), encoding="utf-8")


def may_be_free(name: str) -> bool:
    """Whether a test stands where either database may do."""
    return name.startswith(FREE) and not name.startswith(BOTH)


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
