"""Everything that every room holds on somebody, written as JSON a row at a time, so that no size fills the memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from programme.people.keeping.ports import Subject
from programme.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Keeper, Section


def subject_of(person: Person) -> Subject:
    """Return somebody as every room knows them."""
    return Subject(person.id, person.name, person.address, person.address_key)


def everything(session: Session, person_id: int, keepers: Iterable[Keeper], *, now: datetime) -> Iterator[str]:
    """Give the pieces of one JSON object: a key for each part of what is held."""
    who = subject_of(session.get_one(Person, person_id))
    yield f'{{\n"written": {in_json(now.isoformat())}'
    for keeper in keepers:
        for section in keeper.held(session, who):
            yield f",\n{in_json(section.name)}: "
            yield from pieces(section)
    yield "\n}\n"


def pieces(section: Section) -> Iterator[str]:
    """Give the pieces of one part."""
    if section.is_one:
        yield from map(in_json, section.rows)
        return
    yield "["
    for number, row in enumerate(section.rows):
        yield f"{',' if number else ''}\n  {in_json(row)}"
    yield "\n]"


def in_json(value: object) -> str:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False)
