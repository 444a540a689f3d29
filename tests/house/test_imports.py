"""The contracts on imports are kept, and no room stands outside them."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.tree import ROOT, modules, short

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_import_contracts_are_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_stands_on_a_floor() -> None:
    floors = {name.strip(" ()") for layer in layers() for name in layer.replace(":", "|").split("|")}
    homeless = {room for room in map(room_of, modules("programme")) if room not in floors}
    assert homeless <= {"programme", "programme.engines"}


def layers() -> list[str]:
    """The floors, from the top."""
    found: list[str] = CONTRACTS[0]["layers"]
    return found


def room_of(path: Path) -> str:
    """The room a module belongs to: an engine, or a part of the house."""
    parts = short(path).removesuffix(".py").removesuffix("/__init__").split("/")
    return ".".join(parts[: 3 if parts[1:2] == ["engines"] else 2])
