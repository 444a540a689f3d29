"""What the `programme` command loads, and when: a verb when it is typed, the application in the process that serves."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from programme.cli import VERBS, programme
from programme.config import ROOT
from tests.bed.application import PLAIN

pytestmark = pytest.mark.one_database

BEFORE_THE_FORK = "programme.start, programme.commands.serving"
IN_THE_WORKER = f"{BEFORE_THE_FORK}, programme.clockwork; programme.start.application()"
ANYTHING_BUT_SERVING = {
    *("alembic", "mako", "openpyxl", "PIL", "icalendar"),
    *("programme.demo", "programme.commands.archiving"),
}


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_verb_is_the_command_of_its_name(verb: str) -> None:
    context = click.Context(programme)
    found = programme.get_command(context, verb)
    assert found is not None
    assert found.name == verb
    assert verb in programme.list_commands(context)
    assert CliRunner().invoke(programme, [verb, "--help"]).exit_code == 0


def test_unknown_verb_is_refused_with_a_sentence() -> None:
    said = CliRunner().invoke(programme, ["server"])
    assert said.exit_code == 2
    assert "No such command 'server'" in said.output


def test_whoever_watches_over_workers_has_no_application_in_memory() -> None:
    assert loaded_by(BEFORE_THE_FORK) & {"flask", "sqlalchemy", "programme.app", *ANYTHING_BUT_SERVING} == set()


def test_worker_has_nothing_in_memory_that_only_other_verbs_need(tmp_path: Path) -> None:
    absent = {"PROGRAMME_ENV": str(tmp_path / "absent.env"), "STORE": str(tmp_path)}
    loaded = loaded_by(IN_THE_WORKER, {**PLAIN, **absent, "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite'}"})
    verbs = {name for name in loaded if name.startswith("programme.commands.")}
    assert verbs == {"programme.commands.chosen", "programme.commands.serving"}
    assert {"flask", "sqlalchemy", "programme.app"} <= loaded
    assert loaded & ANYTHING_BUT_SERVING == set()


def loaded_by(modules: str, environment: dict[str, str] | None = None) -> set[str]:
    """Return all that is loaded in a new process once these are."""
    words = [sys.executable, "-c", f"import sys, {modules}; print(*sys.modules)"]
    known = {**os.environ, **(environment or {})}
    run = subprocess.run(words, cwd=ROOT, env=known, capture_output=True, text=True, check=True)
    return set(run.stdout.split())
