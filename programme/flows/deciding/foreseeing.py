"""What a decision about many would do, before it is made: to whom, who moves up by it, and what letters go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from programme.core.web.words import join_words
from programme.engines.approvals.queries import open_approvals
from programme.engines.approvals.rights import holds
from programme.engines.approvals.states import KeyState
from programme.engines.registration.choosing.queries import choices, line
from programme.engines.registration.choosing.rule import Wish
from programme.engines.registration.deciding.keys import REGISTRATION, refused_by_keys
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.models import Registration
from programme.engines.registration.openings.locking import COUNTED
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.places import Size, in_force, moves_up, tally_from
from programme.engines.registration.queries import come_back, guarantees_of, heads, sizes_waiting, tally_of
from programme.engines.registration.series.chairs import chairs_by_event, chairs_for
from programme.engines.registration.states import HOLDING, RegistrationState
from programme.engines.registration.waiting.filling import deadline_of, moves_by_itself, next_in_line
from programme.flows.answering.coming_back import without_options
from programme.flows.deciding.fitting import with_places
from programme.flows.roll.deciding import MARKS, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.approvals.models import Approval
    from programme.engines.registration.models import Opening
    from programme.engines.registration.places import Tally
    from programme.people.permissions import Actor, Scope

PLACE, WAIT = "Gets a place, and a letter that says so", "Joins the waiting list, and gets a letter that says so"
BY_KEYS = "Is left as it is: the universities’ keys decide about it, and no offer goes past them"
NO_KEYS_LEFT = "Stays refused: the universities’ keys decide here, and they may register again"
SAID_NO = "Stays refused: a university’s key said no, and they may register again"
REGISTERED_AGAIN = "Stays refused: they have registered again since, and that registration counts"
OPTION_GONE = "Stays refused: what they chose has been taken by others since"
STAYS = "Stays where they are: no place is left for them"
GIVES = {Verdict.PROMOTION: PLACE, Verdict.OFFER: "Is offered a place, and gets a letter with the deadline"}
ENDS = {
    Verdict.REFUSAL: "Is refused, and gets a letter that says so",
    Verdict.CANCELLATION: "Is cancelled, and gets a letter that says so",
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a decision would come to: a sentence for each registration, by its id, and who would move up."""

    words: Mapping[int, str]
    followers: tuple[str, ...] = ()


class Comer(Protocol):
    """What a place depends on of a registration, however much of it was read."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def counts_for_id(self) -> int | None:
        """The organisation that it counts for."""

    @property
    def heads(self) -> int:
        """For how many it is."""


def foreseen(
    session: Session, opening: Opening, rows: Sequence[Registration], verdict: Verdict, *, actor: Actor, now: datetime
) -> Foreseen:
    """Say what a verdict would do to each; nothing is changed by asking."""
    if verdict in MARKS:
        return Foreseen({})
    is_keyed = keyed_terms(session, opening) is not None and verdict is not Verdict.CANCELLATION
    pending = [row.id for row in rows if row.state is RegistrationState.PENDING] if is_keyed else []
    asked = open_approvals(session, REGISTRATION, pending) if pending else {}
    scope = opening_scope(opening)
    held = {
        one: BY_KEYS if verdict is Verdict.OFFER else keys_words(asked.get(one), verdict, actor=actor, scope=scope)
        for one in pending
    }
    words = {one: said for one, said in held.items() if said}
    others = [row for row in rows if row.id not in words]
    if verdict not in GIVES:
        ends = {row.id: ENDS[verdict] for row in others}
        return Foreseen({**words, **ends}, followers(session, opening, others, now=now))
    words |= refused_for_good(session, others, is_keyed=is_keyed)
    others = [row for row in others if row.id not in words]
    return Foreseen({**words, **places_words(session, opening, others, verdict, by_keys=asked, now=now)})


def refused_for_good(session: Session, rows: Sequence[Registration], *, is_keyed: bool) -> dict[int, str]:
    """Say of whom was refused that nobody brings them back: keys decide, or decided, or they have registered anew."""
    refused = [row.id for row in rows if row.state is RegistrationState.REFUSED]
    if is_keyed:
        return dict.fromkeys(refused, NO_KEYS_LEFT)
    again = dict.fromkeys(come_back(session, refused), REGISTERED_AGAIN)
    return {**again, **dict.fromkeys(refused_by_keys(session, refused), SAID_NO)}


def places_words(
    session: Session,
    opening: Opening,
    rows: Sequence[Registration],
    verdict: Verdict,
    *,
    by_keys: Collection[int],
    now: datetime,
) -> dict[int, str]:
    """Say to whom a place goes, in their order; whom keys grant one waits where none is left, and others stay."""
    given = {row.id: GIVES[verdict] for row in rows}
    if deadline_of(opening, now=now) is not None:  # where places are offered, keys offer them, too
        given |= dict.fromkeys(by_keys, GIVES[Verdict.OFFER])
    without = [row for row in rows if row.state not in HOLDING]
    placed, options = settled(session, opening, without, by_keys=by_keys, now=now)
    lacking = {row.id: WAIT if row.id in by_keys else STAYS for row in without if row.id not in placed}
    lacking |= dict.fromkeys(options, OPTION_GONE)
    return {row.id: lacking.get(row.id, given[row.id]) for row in rows}


def settled(
    session: Session, opening: Opening, rows: Sequence[Registration], *, by_keys: Collection[int], now: datetime
) -> tuple[frozenset[int], frozenset[int]]:
    """Return for whom there is a place, and who was refused and lacks what they chose: these take no place."""
    lacking = frozenset[int]()
    while True:
        placed = fitting(session, opening, [row for row in rows if row.id not in lacking], by_keys=by_keys, now=now)
        back = [row for row in rows if row.state is RegistrationState.REFUSED and row.id in placed]
        more = without_options(session, opening, back)
        if not more:
            return placed, lacking
        lacking |= more.keys()


def fitting(
    session: Session, opening: Opening, rows: Sequence[Comer], *, now: datetime, by_keys: Collection[int] = ()
) -> frozenset[int]:
    """Return for whom of those without a place there is one, in their order."""
    chooses = opening.chooses is not None
    chosen = choices(session, opening) if chooses else {}
    comers = {
        row.id: Wish(home=row.counts_for_id, heads=row.heads, events=chosen.get(row.id, frozenset())) for row in rows
    }
    return with_places(
        tally_of(session, opening, now=now),
        comers,
        rooms=chairs_by_event(session, opening.events) if chooses else None,
        by_keys=by_keys,
        queue=line(session, opening) if by_keys else {},
    )


def keys_words(approval: Approval | None, verdict: Verdict, *, actor: Actor, scope: Scope) -> str:
    """Say what a key comes to for one registration; nothing where it decides everything."""
    if approval is None:
        return "Is left as it is: the keys are asked for once the address is proved"
    waiting = [key for key in approval.keys if key.state is KeyState.WAITING]
    others = [key.organisation.short_name for key in waiting if not holds(actor, key, scope)]
    if len(others) == len(waiting):
        return f"Is left as it is: it waits for {join_words(others)}’s key, not for yours"
    if verdict is Verdict.REFUSAL:
        return ""
    return f"Your key says yes. Then it waits for {join_words(others)}’s key, and no letter goes" if others else ""


def followers(session: Session, opening: Opening, leaving: Sequence[Registration], *, now: datetime) -> tuple[str, ...]:
    """Return the names of those who would move up when some leave."""
    leaving = [row for row in leaving if row.leaves_at is None]  # who has left from a date on is counted no more
    freed = [row for row in leaving if row.state in HOLDING]
    if not freed or opening.chooses is not None or not moves_by_itself(session, opening, now=now):
        return ()
    counts = heads(session, opening, COUNTED)
    gone = [(row.state, row.counts_for_id, -row.heads) for row in leaving if row.state in COUNTED]
    chairs, number = chairs_for(session, opening, now=now), sum(row.heads for row in freed)
    homes = {home for state, home, _ in counts if state is RegistrationState.WAITLISTED}
    sizes = sizes_waiting(session, opening) or [Size(home=home, heads=1) for home in homes]
    tally = tally_from(
        [*counts, *gone],
        capacity=opening.capacity,
        chairs=None if chairs is None else chairs + number,
        guarantees=in_force(guarantees_of(opening), now=now),
        sizes=sizes,
    )
    leaving_ids = {row.id for row in leaving}
    queue = [
        one for one in next_in_line(session, opening.id, wider(tally, leaving), sizes) if one.id not in leaving_ids
    ]
    moving = moves_up(tally, [one.home for one in queue], heads=[one.heads for one in queue])
    return tuple(session.get_one(Registration, queue[index].id).name for index in moving)


def wider(tally: Tally, leaving: Sequence[Registration]) -> Tally:
    """Return a tally by which as many more are looked at as leave the list themselves."""
    more = sum(row.heads for row in leaving)
    places_then = None if tally.capacity is None else tally.capacity + more
    return replace(tally, capacity=places_then, chairs=None if tally.chairs is None else tally.chairs + more)
