"""`make bench`: measures, prints a table, and exits with 1 where a target is missed."""

from __future__ import annotations

import sys

from benchmarks import beside, cohorts, feeds, letters, pages, places, process, ratios, rolls, signups

PARTS = {
    "pages": pages,
    "feeds": feeds,
    "signups": signups,
    "process": process,
    "letters": letters,
    "ratios": ratios,
    "beside": beside,
    "places": rolls,
    "cohorts": cohorts,
}


def main(words: list[str]) -> int:
    """Measure the parts named (all where none is) on both databases."""
    chosen = [word for word in words if word in PARTS] or list(PARTS)
    kinds = [word for word in words if word in places.KINDS] or list(places.KINDS)
    missed = 0
    for name in chosen:
        for kind in kinds:
            for what, figure, good in PARTS[name].measure(kind):
                missed += not good
                print(f"{'ok    ' if good else 'MISSED'}  {what}: {figure}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
