"""How many are in each state of an opening, as counted last: so that a sign-up counts nobody again.

A cache, and disposable: what was counted at one revision of an opening holds at the next one, as nothing changes who is
in which state but under the opening's lock, and every lock raises the revision. Anything else that happens in between
leaves a gap, and the next sign-up counts afresh. Measured: with 20,000 in an opening, 7 to 9 ms of a sign-up's 12.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import text

from programme.engines.registration.states import RegistrationState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.registration.places import Heads

KEPT = text(
    "SELECT opening_count.heads FROM opening_count JOIN opening ON opening.id = opening_count.opening_id"
    " WHERE opening.id = :opening_id AND opening_count.revision = opening.revision - 1"
)
KEEP = text(
    "INSERT INTO opening_count (opening_id, revision, heads)"
    " SELECT opening.id, opening.revision, :heads FROM opening WHERE opening.id = :opening_id"
    " ON CONFLICT (opening_id) DO UPDATE SET revision = excluded.revision, heads = excluded.heads"
)


def recalled(session: Session, opening_id: int) -> Heads | None:
    """Return the counts of a locked opening as the lock before this one left them; None where nobody knows."""
    kept = session.scalar(KEPT, {"opening_id": opening_id})
    return (
        None if kept is None else [(RegistrationState(state), home, number) for state, home, number in json.loads(kept)]
    )


def remember(
    session: Session, opening_id: int, counts: Heads, *, state: RegistrationState, home: int | None, heads: int = 1
) -> None:
    """Keep what was counted of a locked opening, and one more registration, of so many heads, in a state and of a home.

    Only right as the last thing that changes who is in which state under this lock.
    """
    counted = {(one, whose): number for one, whose, number in counts}
    counted[state, home] = counted.get((state, home), 0) + heads
    told = [[one.value, whose, number] for (one, whose), number in counted.items()]
    session.execute(KEEP, {"opening_id": opening_id, "heads": json.dumps(told)})
