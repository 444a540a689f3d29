"""What is foreseen of a decision about many is what the press does, however places are given and whoever decides."""

import random
from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy.orm import Session

from programme.engines.approvals.actions import Turn
from programme.engines.approvals.states import KeyState
from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.keys import ask_about
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.flows.deciding.foreseeing import GIVES, foreseen
from programme.flows.deciding.keys import turn_own_keys
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.deciding.rounds import decide_round
from programme.flows.deciding.settings import set_terms
from programme.flows.roll.deciding import Manner, Verdict, applies, concerned
from programme.people.identity import actor_of
from programme.people.models import Person
from tests.factories import cast, things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW
from tests.flows.deciding.conftest import NO, YES

R = RegistrationState
COMES_TO = {
    "Gets a place": R.CONFIRMED,
    "Is offered a place": R.OFFERED,
    "Joins the waiting list": R.WAITLISTED,
    "Is refused": R.REFUSED,
    "Is cancelled": R.CANCELLED,
}
"""Where a sentence says that somebody will stand; every other leaves them where they are."""
BY = {"first come": PlacesBy.FIRST_COME, "ballot": PlacesBy.BALLOT}
WAYS = ["by hand", *BY, "keys", "keys that offer", "lifted keys", "keys and a choice", "a choice"]
OTHERS = [R.PENDING, R.PENDING, R.WAITLISTED, R.WAITLISTED, R.OFFERED, R.CONFIRMED]
MANNER = Manner(reason="They asked first.", why="Because.")


class Roll:
    """An opening that gives its places in some way, with people on its roll as luck has it."""

    def __init__(self, session: Session, people: Cast, way: str, luck: random.Random, *, is_offered: bool) -> None:
        """Refuse some, by hand or by keys, and let others register."""
        self.session, self.people, self.luck = session, people, luck
        self.number = 0
        self.is_keyed = "keys" in way
        self.opening = self.open(way, is_offered=is_offered)
        self.comes(R.REFUSED)
        if self.is_keyed:
            self.says(self.comes(R.PENDING), people.omar, NO)
        if way == "lifted keys":
            set_terms(session, self.opening.id, Wanted(), actor=actor_of(people.omar), now=NOW)
            self.is_keyed = False
        if not self.is_keyed:
            first = self.comes(R.REFUSED)
            things.registration(session, to=self.opening, who=session.get_one(Person, first.person_id))
        for state in luck.choices(OTHERS, k=9):
            row = self.comes(state)
            if self.is_keyed and state is R.PENDING and luck.random() < 0.5:
                self.says(row, people.olga, YES)
        session.commit()

    def open(self, way: str, *, is_offered: bool) -> Opening:
        """Open the registration, for places of which there are few or many."""
        chooses = 1 if way.endswith("choice") else None
        rooms = [(name, self.luck.choice([None, 4, 8])) for name in ("A", "B")[: 2 if chooses else 1]]
        oxford = self.people.oxford
        row = things.opening(
            self.session,
            events=[things.event(self.session, lead=oxford, title=name, room_capacity=room) for name, room in rooms],
            capacity=self.luck.choice([4, 8, 12, None]),
            places_by=BY.get(way, PlacesBy.DECISION),
            chooses=chooses,
            co_owners=[self.people.liverpool],
            offer_hours=48 if is_offered or way == "keys that offer" else None,
            has_waiting_list=True,
            most_together=4,
        )
        if self.is_keyed:
            wanted = Wanted(decided_by=DecidedBy.KEYS)
            set_terms(self.session, row.id, wanted, actor=actor_of(self.people.omar), now=NOW)
        return row

    def comes(self, state: R) -> Registration:
        """Let somebody stand on the roll, alone or with others; keys are asked about whoever is undecided."""
        self.number += 1
        name = f"Guest {self.opening.id}-{self.number}"
        who = cast.person(self.session, name, f"guest{self.opening.id}.{self.number}@home.example.org")
        home = self.luck.choice([None, self.people.oxford.id, self.people.liverpool.id])
        heads, until = self.luck.choice([1, 1, 2]), things.SOON if state is R.OFFERED else None
        row = things.registration(
            self.session, to=self.opening, who=who, state=state, counts_for_id=home, heads=heads, answer_by=until
        )
        if self.opening.chooses:
            self.session.delete(self.luck.choice(row.seats))
            self.session.flush()
            self.session.refresh(row)
        ask_about(self.session, row, now=NOW)
        return row

    def says(self, row: Registration, who: Person, what: KeyState) -> None:
        """Somebody turns the key of their university."""
        turned, thing = Turn(says=what, person_id=None, reason="So."), ("registration", row.id)
        turn_own_keys(self.session, thing, turned, subjects=SUBJECTS, actor=actor_of(who), now=NOW)

    def rows(self) -> Sequence[Registration]:
        """Everybody on the roll, in the order of a decision about many."""
        every = [row.id for row in self.session.query(Registration).filter_by(opening_id=self.opening.id)]
        return concerned(self.session, self.opening.id, every)


def promised(before: Mapping[int, R], words: Mapping[int, str]) -> dict[int, R]:
    """Return where each will stand by the sentence about them."""
    said = {one: [state for start, state in COMES_TO.items() if text.startswith(start)] for one, text in words.items()}
    return {one: (said[one] or [state])[0] for one, state in before.items()}


@pytest.mark.one_database
@pytest.mark.parametrize("verdict", [*GIVES, Verdict.REFUSAL, Verdict.CANCELLATION])
@pytest.mark.parametrize("way", WAYS)
def test_everybody_stands_where_it_was_foreseen(session: Session, people: Cast, way: str, verdict: Verdict) -> None:
    for turn in range(2):
        luck = random.Random(f"{way} {verdict} {turn}")
        roll = Roll(session, people, way, luck, is_offered=verdict is Verdict.OFFER)
        who = (people.omar, people.olga)[turn % 2]
        applying = [row for row in roll.rows() if applies(row, verdict)]
        before = {row.id: row.state for row in applying}
        told = foreseen(session, roll.opening, applying, verdict, actor=actor_of(who), now=NOW)
        assert told.words.keys() == before.keys()
        session.rollback()
        decide_round(session, roll.opening.id, list(before), verdict, actor=actor_of(who), now=NOW, manner=MANNER)
        session.commit()
        stand = {row.id: row.state for row in roll.rows() if row.id in before}
        assert stand == promised(before, told.words), [
            (row.name, row.heads, before[row.id], row.state, told.words[row.id]) for row in applying
        ]
