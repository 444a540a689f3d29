"""Who reads which application: so many reviewers of each university for each, as evenly as it goes. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Pair = tuple[int, int]
"""A reviewer and an application."""


def shared_out(
    applications: Sequence[int],
    reviewers: Mapping[int, Sequence[int]],
    *,
    each: int,
    already: Collection[Pair],
    barred: Collection[Pair] = (),
) -> list[Pair]:
    """Return the pairs to add, so that `each` reviewers of every university read each, if there are so many.

    `reviewers` are those of each university. Whoever has least is given the next; what is shared out `already` stays,
    and counts but for what is `barred`: those who are recused, or who applied themselves.
    """
    load = Counter(reviewer for reviewer, _ in already)
    added: list[Pair] = []
    for application in sorted(applications):
        for university in sorted(reviewers):
            own = reviewers[university]
            given = [one for one in own if (one, application) in already and (one, application) not in barred]
            free = [one for one in own if (one, application) not in already and (one, application) not in barred]
            for reviewer in sorted(free, key=lambda one: (load[one], one))[: max(0, each - len(given))]:
                load[reviewer] += 1
                added.append((reviewer, application))
    return added
