"""The ways known beforehand: minutes between the sites, until an administrator knows better."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHEET = Path(__file__).parent / "travel_times.csv"


@dataclass(frozen=True, slots=True)
class KnownWay:
    """One way, in minutes, and what it rests on."""

    site: str
    other: str
    least: int
    planned: int
    basis: str


@cache
def known_ways() -> tuple[KnownWay, ...]:
    """Read the ways between the sites, in the order in which they are shown."""
    with SHEET.open(encoding="utf-8", newline="") as file:
        return tuple(
            KnownWay(row["site"], row["other"], int(row["least"]), int(row["planned"]), row["basis"])
            for row in csv.DictReader(file)
        )
