"""Who is named as the contact of a thing: found by the address or the full name, and taken out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select, update

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject


Naming = type[Any]
"""A table of things with a title, a contact's name and a contact's address: the rooms above have such tables, too."""


def is_contact(model: Naming, who: Subject) -> ColumnElement[bool]:
    """Whether a thing names somebody: by their address, or by the full name beside a shared mailbox."""
    by_address = func.lower(model.contact_address) == who.key
    return or_(by_address, model.contact_name == who.name) if " " in who.name else by_address


def contacts(session: Session, model: Naming, who: Subject, *, kind: str) -> Iterator[Mapping[str, Any]]:
    """Give the things that name somebody."""
    statement = select(model.title, model.contact_name, model.contact_address).where(is_contact(model, who))
    for title, name, address in session.execute(statement.order_by(model.id)):
        yield {"kind": kind, "title": title, "name": name, "address": address}


def how_many(session: Session, model: Naming, who: Subject) -> int:
    """Count them."""
    return session.scalar(select(func.count(model.id)).where(is_contact(model, who))) or 0


def forget_contact(session: Session, model: Naming, who: Subject, **shown: Any) -> None:
    """Take somebody out of whatever names them: a shared mailbox stays; `shown` are values that tell of the change."""
    shared = case((func.lower(model.contact_address) == who.key, ""), else_=model.contact_address)
    nameless = update(model).where(is_contact(model, who)).values(contact_name="", contact_address=shared, **shown)
    session.execute(nameless, execution_options={"synchronize_session": False})
