"""A sink in a process of its own, for as long as a block lasts."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from programme.config import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 30


@contextmanager
def swallowing(folder: Path, *words: str) -> Iterator[tuple[str, Path]]:
    """Run a sink for a while: its address, and its notes."""
    notes = folder / "notes.txt"
    command = [sys.executable, "-m", "tests.soak.sink", "--notes", str(notes), *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"smtp://127.0.0.1:{process.stdout.readline().strip()}", notes
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()
