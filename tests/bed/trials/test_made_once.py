"""What applications of a run share: one that is given it has all that one has that made it."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from programme import app as factory
from tests.bed.application import LISTED, SINGLE, MadeOnce, settings_for
from tests.bed.servers.sqlite import Files


def kept(app: Flask) -> dict[str, Any]:
    """What blueprints left in an application, by name."""
    single = {name: set(getattr(app, name)) for name in SINGLE}
    listed = {
        name: {
            key: [getattr(one, "func", one).__qualname__ for one in functions]
            for key, functions in getattr(app, name).items()
        }
        for name in LISTED
    }
    return {**single, **listed, "addresses": sorted(f"{rule} {rule.endpoint}" for rule in app.url_map.iter_rules())}


def test_second_application_has_what_the_first_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = MadeOnce(tmp_path, Files())
    monkeypatch.setattr(factory, "register_screens", made.register_screens)
    settings = settings_for("sqlite://", store=tmp_path)
    first, second = factory.create_app(settings), factory.create_app(settings)
    assert kept(first) == kept(second)
    assert "mark_seen" in kept(second)["after_request_funcs"][None]
    assert second.view_functions["static"] is not first.view_functions["static"]
