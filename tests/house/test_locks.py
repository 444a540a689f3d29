"""Locks: names, versions and hashes, and never where they came from."""

import re
import subprocess
import sys

import pytest

from tests.house.tree import ROOT

LOCKS = ["requirements.txt", "requirements-dev.txt"]
PINNED = re.compile(r"^[a-z0-9][a-z0-9._-]*(\[[a-z0-9,-]+\])?==[^\s;]+( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_only_names_versions_and_hashes(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    assert [line for line in lines if not (PINNED.match(line) or HASH.match(line))] == []
    assert lines, "an empty lock installs nothing"


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_a_pin_for_every_requirement(lock: str) -> None:
    pinned = {line.split("==")[0].split("[")[0] for line in (ROOT / lock).read_text().splitlines() if "==" in line}
    asked = {
        re.split(r"[<>=\[ ;]", line)[0]
        for line in (ROOT / lock.replace(".txt", ".in")).read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    }
    assert asked <= pinned, "run `make lock`"


def test_locks_agree_about_what_both_have() -> None:
    run, development = ({*pins((ROOT / lock).read_text())} for lock in LOCKS)
    assert run <= development, "run `make lock`"


def test_locks_name_everything_that_their_libraries_need() -> None:
    said = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def pins(text: str) -> list[str]:
    """The lines that pin a version."""
    return [line for line in text.splitlines() if "==" in line]
