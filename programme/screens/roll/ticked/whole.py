"""Those whom a tag, a group or a move is about: counted, the first of them named, and held to that number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import request

from programme.core.refusal import Refusal
from programme.core.web.words import plural
from programme.extensions import database_session
from programme.screens.roll.deciding import MOST_NAMED, NOBODY, OTHERS_NOW, home
from programme.screens.roll.scopes import opening_here
from programme.screens.roll.ticked.in_parts import MOST
from programme.screens.roll.ticked.meant import carried, heads, meant, people

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from werkzeug.datastructures import MultiDict

    from programme.engines.registration.roll.filters import Wanted
    from programme.screens.roll.ticked.meant import Head


@dataclass(frozen=True, slots=True)
class Whole:
    """Whom an act is about, by whose address it is asked, in the order in which they joined; and who is left out."""

    opening_id: int
    asked: Wanted
    those: Sequence[Head]
    others: Sequence[Head]

    @property
    def ids(self) -> list[int]:
        """Their registrations."""
        return [one.id for one in self.those]

    def shown(self) -> dict[str, Any]:
        """Return what a page shows of them: how many, and the first by name."""
        session = database_session()
        return {
            "whom": self.asked,
            "carried": list(carried(self.asked)),
            "count": len(self.those),
            "rows": people(session, self.ids[:MOST_NAMED]),
            "others": people(session, [one.id for one in self.others[:MOST_NAMED]]),
            "others_count": len(self.others),
            "most": MOST,
        }

    def refuse_others(self) -> None:
        """Refuse where all who match are others, or more or fewer, than were shown."""
        if self.asked.everybody and request.form.get("count") != str(len(self.those)):
            raise Refusal(OTHERS_NOW.format(people=plural(len(self.those), "person", "people")))

    def again(self, act: str) -> str:
        """Return the address of the page that asks for an act upon the same people."""
        return f"{home(self.opening_id)}/{act}/new?{urlencode(list(carried(self.asked)))}"


def whole(opening_id: int, args: MultiDict[str, str], fits: Callable[[Head], bool]) -> Whole:
    """Read whom an act is about, of those whom it `fits`; Refusal where nobody is ticked."""
    asked = meant(opening_here(opening_id), args)
    if asked is None:
        raise Refusal(NOBODY)
    every = heads(database_session(), opening_id, asked)
    return Whole(opening_id, asked, [one for one in every if fits(one)], [one for one in every if not fits(one)])


def is_known(one: Head) -> bool:
    """Whether a registration names somebody."""
    return one.person_id is not None


def left_words(left: int) -> str:
    """Say how many are left for another press."""
    return f" {plural(left, 'person is', 'people are')} left: press again." if left > 0 else ""
