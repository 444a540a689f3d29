"""What the pages of the catalogue show: kinds by what they are for, one kind as it reaches people, and its history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core.audit import AuditEntry
from programme.engines.mail.wording.actions import mark_of, wording_in_force
from programme.engines.mail.wording.passages import Topic
from programme.engines.mail.wording.stationery import stationery_of, written
from programme.engines.mail.written.models import Wording
from programme.people import queries as people
from programme.screens.organiser.trail.lines import LONGEST_HISTORY, lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import Letter, MailRoom
    from programme.engines.mail.wire.messages import Body
    from programme.people.permissions import Actor
    from programme.screens.organiser.trail.lines import Line

TOPICS: Mapping[Topic, tuple[str, str]] = {
    Topic.REGISTRATION: ("Registering", "What somebody hears of their own registration."),
    Topic.EVENT: ("Events that change", "What everybody concerned hears."),
    Topic.RESEARCH: ("Doctoral researchers", "What researchers hear, and those who supervise and sign."),
    Topic.REMINDER: ("Reminders", "What the programme sends by the clock."),
    Topic.WRITTEN: ("Written by organisers", "Their own words, in our frame."),
    Topic.ACCOUNT: ("Accounts and roles", "What somebody hears of their own account."),
}
VERBS = ("change wording", "restore wording")
LATEST = 200


@dataclass(frozen=True, slots=True)
class Shelf:
    """The kinds of letters that are for one thing."""

    title: str
    words: str
    letters: Sequence[Letter]


@dataclass(frozen=True, slots=True)
class Said:
    """One passage on the page: in whose words it is, and since when; `original` is what it came with."""

    name: str
    title: str
    hint: str
    original: str
    own: str | None
    changed_at: datetime | None = None
    changed_by: str = ""


def shelves(room: MailRoom) -> list[Shelf]:
    """Return the kinds of letters by what they are for."""
    every = room.letters.values()
    found = [
        Shelf(title, words, [letter for letter in every if letter.description.topic is topic])
        for topic, (title, words) in TOPICS.items()
    ]
    return [shelf for shelf in found if shelf.letters]


def changes_by_letter(session: Session) -> dict[str, datetime]:
    """Return when the wording of each kind was last changed, of those that are in other words than the original."""
    rows = session.execute(select(Wording.letter, Wording.changed_at).order_by(Wording.changed_at))
    return {row.letter: row.changed_at for row in rows}


def example_of(
    session: Session, letter: Letter, *, room: MailRoom, case: int, typed: Mapping[str, str] | None = None
) -> Body:
    """Return the example of a kind of letter in the wording in force, or in what was `typed`."""
    stationery = stationery_of(session)
    if typed is not None:
        own = {(letter.name, passage): text for passage, text in typed.items()}
        stationery = replace(stationery, wording={**stationery.wording, **own})
    return written(letter, example_variables(letter, case=case), room=room, stationery=stationery)


def example_variables(letter: Letter, *, case: int) -> Mapping[str, Any]:
    """Return the invented variables of a kind of letter in one of its cases."""
    variables = letter.example() if letter.example else {}
    cases = letter.description.cases
    return cases[case].change(variables) if cases else variables


def passages_of(session: Session, letter: Letter) -> tuple[list[Said], str]:
    """Return the passages of a kind with who changed them and when, and the mark of the words in force."""
    own = wording_in_force(session, letter)
    names = people.names(session, {row.changed_by_id for row in own.values() if row.changed_by_id})
    said = []
    for passage in letter.description.passages:
        row = own.get(passage.name)
        one = Said(passage.name, passage.title, passage.hint, passage.text, row.text if row else None)
        by = names.get(row.changed_by_id or 0, "") if row else ""
        said.append(replace(one, changed_at=row.changed_at, changed_by=by) if row else one)
    return said, mark_of(own.values())


def history_of(session: Session, letter: Letter, *, reader: Actor) -> list[Line]:
    """Return what was done to the wording of a kind, the latest first."""
    changes = select(AuditEntry).where(AuditEntry.subject_kind == "installation", AuditEntry.verb.in_(VERBS))
    latest = session.scalars(changes.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(LATEST))
    about = [entry for entry in latest if (entry.after or {}).get("letter") == letter.name]
    return lines_of(session, about[:LONGEST_HISTORY], reader=reader)
