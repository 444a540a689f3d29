"""What is the same in every application of a run is made once: that is most of what setting a test up costs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, event

from programme import app as factory

if TYPE_CHECKING:
    from types import CodeType

# Where Flask keeps what blueprints register, but for the addresses themselves.
TABLES = (
    "view_functions",
    "blueprints",
    "before_request_funcs",
    "after_request_funcs",
    "teardown_request_funcs",
    "template_context_processors",
    "url_value_preprocessors",
    "url_default_functions",
    "error_handler_spec",
)


class Templates(BytecodeCache):
    """Compiled templates, in memory."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.known[bucket.key, bucket.checksum] = bucket.code


class MadeOnce:
    """Compiled templates, compiled statements and registered addresses, shared by the applications of a process."""

    def __init__(self) -> None:
        self.templates = Templates()
        self.statements: dict[str, tuple[Any, Any]] = {}
        self.addresses: Any = None
        self.tables: dict[str, dict[Any, Any]] = {}

    def register_screens(self, app: Flask) -> None:
        """Register every screen, the first time; then give what that led to."""
        if self.addresses is None:
            before = {name: set(getattr(app, name)) for name in TABLES}
            register_screens(app)
            self.addresses = app.url_map
            for name, known in before.items():
                self.tables[name] = {key: value for key, value in getattr(app, name).items() if key not in known}
            return
        app.url_map = self.addresses
        for name, added in self.tables.items():
            getattr(app, name).update(added)

    def share_statements(self, engine: Engine) -> None:
        """Let engines of one kind share what they compiled; SQLite need not wait for the disk besides."""
        if engine.name == "sqlite":
            event.listen(engine, "connect", hurry)
        with engine.connect():
            shared = self.statements.setdefault(engine.name, (engine.dialect, engine._compiled_cache))
        engine.dialect, engine._compiled_cache = shared


def hurry(connection: Any, _: object) -> None:
    """Trust the operating system: no test pulls a plug, and those that kill use programs of their own."""
    connection.execute("PRAGMA synchronous=OFF")


register_screens = factory.register_screens


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[MadeOnce]:
    """What the applications of this run share."""
    made = MadeOnce()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factory, "register_screens", made.register_screens)
        yield made
