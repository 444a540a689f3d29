"""The fixed cast: Alice of Liverpool, Bob of Oxford, Olga and Omar who organise on each side, Charlie the stranger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import literal_column, select

from programme.core.database import Base
from programme.core.tokens import new_token, token_hash
from programme.flows.founding import found
from programme.people.models import (
    Affiliation,
    AffiliationKind,
    Basis,
    BrowserSession,
    Installation,
    Organisation,
    Person,
    Role,
    RoleGrant,
    Strand,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Executable, Table
    from sqlalchemy.orm import Session

LONG_AGO = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
FAR_AHEAD = datetime(2035, 1, 1, tzinfo=UTC)
"""When the cast's browsers signed in: whatever a test's clock shows, their thirty days are not over."""


@dataclass(frozen=True)
class Cast:
    """Everyone and every organisation, as committed rows."""

    liverpool: Organisation
    oxford: Organisation
    council: Organisation
    alice: Person
    bob: Person
    olga: Person
    omar: Person
    charlie: Person
    ada: Person


WRITTEN: dict[str, list[str]] = {}
"""By kind of database, the statements that bring the cast in: told by what is in it after the first time."""


def assemble(session: Session) -> Cast:
    """Found an installation with the cast in it, and commit."""
    connection = session.connection()
    kind = connection.dialect.name
    if kind in WRITTEN and not session.scalar(select(Installation.id).limit(1)):
        write_in(session, WRITTEN[kind])
        session.commit()
    else:
        enter(session)
    if kind not in WRITTEN:
        WRITTEN[kind] = written(session, Base.metadata.sorted_tables)
    cast = everybody(session)
    session.commit()
    return cast


def enter(session: Session) -> None:
    """Found an installation, and let the cast come in one by one; commits."""
    found(session, uid_host="programme.example.ac.uk", now=LONG_AGO, demo=True)
    places = {row.slug: row for row in session.scalars(select(Organisation))}
    liverpool, oxford = places["liverpool"], places["oxford"]
    person(session, "Alice Aldgrove", "alice@liverpool.example.ac.uk", member_of=liverpool)
    person(session, "Bob Birchfield", "bob@oxford.example.ac.uk", member_of=oxford)
    organiser(session, "Olga Oakhurst", "olga@liverpool.example.ac.uk", liverpool)
    organiser(session, "Omar Otterbrook", "omar@oxford.example.ac.uk", oxford)
    person(session, "Charlie Chalkwell", "charlie@example.org")
    ada = person(session, "Ada Ashdown", "ada@liverpool.example.ac.uk", member_of=liverpool)
    grant(session, ada, Role.ADMINISTRATOR)
    session.commit()


def everybody(session: Session) -> Cast:
    """Read the cast."""
    places = {row.slug: row for row in session.scalars(select(Organisation))}
    people = {row.name.partition(" ")[0].lower(): row for row in session.scalars(select(Person))}
    names = ("alice", "bob", "olga", "omar", "charlie", "ada")
    return Cast(
        liverpool=places["liverpool"],
        oxford=places["oxford"],
        council=places["oxfordshire"],
        **{name: people[name] for name in names},
    )


LOOSE = "SET LOCAL session_replication_role = replica"
"""What lets rows come in on PostgreSQL before those that they name, and moves nothing else."""
TOLD: dict[object, tuple[dict[str, int], list[str]]] = {}
"""By what was told, on PostgreSQL: how it is called, and the statements that bring it in."""
COPIED: dict[object, tuple[dict[str, int], Path]] = {}
"""By what was told, on SQLite: how it is called, and the file that it stands in."""


def once(session: Session, key: object, tell: Callable[[], dict[str, int]]) -> dict[str, int]:
    """Tell something in an empty database the first time, and bring in the same rows by then on; commits.

    `tell` returns the numbers of what a test goes on with, by name: they are the same each time.
    """
    if session.connection().dialect.name == "sqlite":
        return once_copied(session, key, tell)
    if key not in TOLD:
        numbers = tell()
        TOLD[key] = numbers, [LOOSE, *written(session, Base.metadata.sorted_tables)]
    else:
        numbers, statements = TOLD[key]
        write_in(session, statements)
    session.commit()
    return numbers


def once_copied(session: Session, key: object, tell: Callable[[], dict[str, int]]) -> dict[str, int]:
    """Do so on SQLite, where triggers go on moving things whatever is said: so the whole file is brought in."""
    file = database_of(session)
    session.rollback()
    if key not in COPIED:
        numbers = tell()
        session.commit()
        COPIED[key] = numbers, file.with_name(f"told-{len(COPIED)}.sqlite")
        copy_database(file, COPIED[key][1])
    else:
        numbers, kept = COPIED[key]
        copy_database(kept, file)
    return numbers


def database_of(session: Session) -> Path:
    """Return the file behind a session on SQLite."""
    return Path(str(session.connection().engine.url.database))


def copy_database(source: Path, target: Path) -> None:
    """Copy one database of SQLite over another as it does so itself: whoever is connected sees the copy."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


COUNT_ON = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT max(id) FROM {0}))"
"""How PostgreSQL counts on behind rows that were given their numbers."""


def write_in(session: Session, statements: list[str]) -> None:
    """Send statements in the database's own words, as part of the session's transaction."""
    cursor = session.connection().connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()


def written(session: Session, tables: Iterable[Table]) -> list[str]:
    """Say what is in some tables in the database's own words: the thousandth time has nothing to convert."""
    connection = session.connection()
    is_postgresql = connection.dialect.name == "postgresql"
    quote = "quote_nullable({}::text)" if is_postgresql else "quote({})"
    said = []
    for table in tables:
        names = [f'"{column.name}"' for column in table.columns]
        asked: Executable = select(*[literal_column(quote.format(name)) for name in names]).select_from(table)
        if rows := [", ".join(row) for row in connection.execute(asked)]:
            said.append(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({'), ('.join(rows)})")  # noqa: S608  quoted
            said += [COUNT_ON.format(table.name)] if is_postgresql and '"id"' in names else []
    return ["; ".join(said)] if is_postgresql else said


def person(session: Session, name: str, address: str, *, member_of: Organisation | None = None) -> Person:
    """Add a person with a proved address, and a proved tie where `member_of` is given."""
    row = Person(
        name=name, address=address, address_key=address.lower(), address_proved_at=LONG_AGO, created_at=LONG_AGO
    )
    if member_of is not None:
        row.affiliations = [
            Affiliation(
                organisation_id=member_of.id,
                kind=AffiliationKind.DOCTORAL,
                basis=Basis.PROVED,
                is_home=True,
                proved_at=LONG_AGO,
            )
        ]
    session.add(row)
    session.flush()
    return row


def organiser(session: Session, name: str, address: str, organisation: Organisation) -> Person:
    """Add a person who organises for `organisation` in every strand."""
    row = person(session, name, address, member_of=organisation)
    grant(session, row, Role.ORGANISER, organisation=organisation)
    return row


def grant(
    session: Session,
    holder: Person,
    role: Role,
    *,
    organisation: Organisation | None = None,
    strand: Strand | None = None,
    subject: tuple[str, int] | None = None,
) -> RoleGrant:
    """Grant a role."""
    row = RoleGrant(
        person_id=holder.id,
        role=role,
        organisation_id=organisation.id if organisation else None,
        strand=strand,
        subject_kind=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        granted_at=LONG_AGO,
    )
    session.add(row)
    session.flush()
    return row


def cookie_for(session: Session, holder: Person) -> str:
    """Sign `holder` in and return the secret that goes into the cookie `programme_session`; commits."""
    token = new_token()
    session.add(
        BrowserSession(
            token_hash=token_hash(token),
            person_id=holder.id,
            browser="A test",
            created_at=FAR_AHEAD,
            last_seen_at=FAR_AHEAD,
        )
    )
    session.commit()
    return token
