"""`make rehearse`: plays the main job on both databases; exits with 1 at the first difference."""

import sys
import time

from tests.rehearsal.main_job import play
from tests.rehearsal.stage import playing

KINDS = ("sqlite", "postgresql")


def main(words: list[str]) -> int:
    """Play on the databases named, on both where none is."""
    for kind in [word for word in words if word in KINDS] or KINDS:
        print(f"The main job on {kind}", flush=True)
        began = time.monotonic()
        try:
            with playing(kind) as stage:
                play(stage)
        except AssertionError as difference:
            print(f"DIFFERENCE  {difference}", flush=True)
            return 1
        print(f"All {len(stage.steps)} steps as they should be, in {time.monotonic() - began:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
