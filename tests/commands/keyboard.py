"""Typing a command: each as on the machine, with an application of its own whose connections end with it."""

from collections.abc import Callable

from click.testing import CliRunner, Result
from flask import Flask

from programme.app import create_app
from programme.cli import programme
from programme.config import Settings
from programme.extensions import db

Run = Callable[..., Result]


def typed(*words: str) -> Result:
    """Type `programme …` and give what came of it."""
    made: list[Flask] = []

    def factory(chosen: Settings | None = None) -> Flask:
        made.append(create_app(chosen))
        return made[-1]

    result = CliRunner().invoke(programme, list(words), obj=factory)
    for app in made:
        with app.app_context():
            db.engine.dispose()
    return result
