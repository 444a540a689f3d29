"""What the database itself notes of a change: the entries that tell of it, and that feeds may have changed.

No verb, import, migration or statement by hand can forget it. Decision 0022 says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Connection

PREFIX = "calendar_mark_"
NEEDED = frozenset({"calendar_block", "calendar_revision"})
HAPPENINGS = ("insert", "update", "delete")
ITS_EVENTS = "event_id IN (SELECT id FROM event WHERE {column} = NEW.id)"
ITS_EVENTS_AND_WHOLES = (
    "event_id IN (SELECT id FROM event WHERE {column} = NEW.id) "
    "OR event_id IN (SELECT part_of_id FROM event WHERE {column} = NEW.id AND part_of_id IS NOT NULL)"
)
ITS_WHOLE = "event_id = (SELECT part_of_id FROM event WHERE id = {row}.event_id)"


class Mark(NamedTuple):
    """What happens to rows of `table`, and which entries tell of it; `told` is empty where only feeds do."""

    table: str
    happening: str
    told: str = ""


MARKS = (
    Mark("event", "insert", "event_id = NEW.part_of_id"),
    Mark("event", "update", "event_id IN (NEW.id, NEW.part_of_id, OLD.part_of_id)"),
    Mark("event", "delete", "event_id = OLD.part_of_id"),
    Mark("withdrawn_event", "insert", ITS_WHOLE.format(row="NEW")),
    Mark("withdrawn_event", "update", ITS_WHOLE.format(row="NEW")),
    Mark("withdrawn_event", "delete", ITS_WHOLE.format(row="OLD")),
    Mark("contribution", "insert", "event_id = NEW.event_id"),
    Mark("contribution", "update", "event_id IN (NEW.event_id, OLD.event_id)"),
    Mark("contribution", "delete", "event_id = OLD.event_id"),
    Mark("timetable_break", "insert", "event_id = NEW.event_id"),
    Mark("timetable_break", "update", "event_id IN (NEW.event_id, OLD.event_id)"),
    Mark("timetable_break", "delete", "event_id = OLD.event_id"),
    Mark("event_picture", "insert", "event_id = NEW.event_id"),
    Mark("event_picture", "update", "event_id IN (NEW.event_id, OLD.event_id)"),
    Mark("event_picture", "delete", "event_id = OLD.event_id"),
    Mark("picture", "update", "event_id IN (SELECT event_id FROM event_picture WHERE picture_id = NEW.id)"),
    Mark("venue", "update", ITS_EVENTS_AND_WHOLES.format(column="venue_id")),
    Mark("series", "update", ITS_EVENTS_AND_WHOLES.format(column="series_id")),
    Mark("organisation", "update", ITS_EVENTS.format(column="lead_organisation_id")),
)
"""Term dates are no part of this: the edition of an entry stands for them."""
READ_BY_FEEDS = (
    *(
        "event",
        "contribution",
        "timetable_break",
        "event_co_owner",
        "venue",
        "series",
        "organisation",
        "academic_period",
    ),
    *("withdrawn_event", "installation", "event_picture", "picture"),
)
RAISED = "UPDATE calendar_block SET mark = mark + 1 WHERE {told}"
BEGUN = "INSERT INTO calendar_block (event_id, variant, mark, written, edition) VALUES (NEW.id, 'public', 1, 0, '')"
MOVED = (
    "INSERT INTO calendar_revision (id, number, at, moved_in, base_url) VALUES (1, 1, {now}, {transaction}, '') "
    "ON CONFLICT (id) DO UPDATE SET number = calendar_revision.number + 1, at = excluded.at, "
    "moved_in = excluded.moved_in WHERE calendar_revision.moved_in <> excluded.moved_in OR excluded.moved_in = 0"
)
"""Once a transaction on PostgreSQL; SQLite knows no number of a transaction, and says 0."""


def place(connection: Connection) -> None:
    """Let the database note changes from now on; nothing where the tables for it are not there."""
    if not set(inspect(connection).get_table_names()) >= NEEDED:
        return
    lift(connection)
    for statement in statements(connection.dialect.name):
        connection.execute(text(statement))


def lift(connection: Connection) -> None:
    """Take everything of it away: tables that such a trigger names cannot change their shape."""
    for name, table in placed(connection):
        connection.execute(text(f"DROP TRIGGER {name}" + (f" ON {table}" if on_postgresql(connection) else "")))


def placed(connection: Connection) -> Sequence[tuple[str, str]]:
    """Return (name, table) of each trigger of ours."""
    found = (
        "SELECT DISTINCT trigger.tgname, place.relname FROM pg_trigger trigger "
        "JOIN pg_class place ON place.oid = trigger.tgrelid WHERE trigger.tgname LIKE :ours ORDER BY 1"
        if on_postgresql(connection)
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE :ours ORDER BY 1"
    )
    return [(name, table) for name, table in connection.execute(text(found), {"ours": f"{PREFIX}%"})]


def on_postgresql(connection: Connection) -> bool:
    """Whether this is PostgreSQL."""
    return connection.dialect.name == "postgresql"


def statements(dialect: str) -> Iterator[str]:
    """Give the statements that place every trigger."""
    yield from (on_postgres if dialect == "postgresql" else on_sqlite)()


def on_sqlite() -> Iterator[str]:
    """Give them for SQLite, where one transaction writes at a time."""
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    moved = MOVED.format(now=now, transaction=0)
    for table in READ_BY_FEEDS:
        for happening in HAPPENINGS:
            acts = [*acts_on(table, happening), moved]
            name = f"{PREFIX}{table}_{happening}"
            yield f"CREATE TRIGGER {name} AFTER {happening.upper()} ON {table} BEGIN {'; '.join(acts)}; END"


def on_postgres() -> Iterator[str]:
    """Give them for PostgreSQL.

    The revision is raised when the transaction ends: its row is the last that a transaction locks, so that those who
    change events wait for each other for a moment only, and never in a circle.
    """
    moved = MOVED.format(now="clock_timestamp()", transaction="txid_current()")
    yield function("moves", [moved])
    for table in READ_BY_FEEDS:
        name = f"{PREFIX}{table}"
        yield (
            f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {PREFIX}moves()"
        )
        for happening in HAPPENINGS:
            acts = acts_on(table, happening)
            if acts:
                yield function(f"{table}_{happening}", acts)
                yield (
                    f"CREATE TRIGGER {name}_{happening} AFTER {happening.upper()} ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {name}_{happening}()"
                )


def function(name: str, acts: Sequence[str]) -> str:
    """Return the statement that makes a function for a trigger."""
    body = "; ".join([*acts, "RETURN NULL"])
    return f"CREATE OR REPLACE FUNCTION {PREFIX}{name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body}; END$$"


def acts_on(table: str, happening: str) -> list[str]:
    """Return what is done at once, in the transaction's own time."""
    begun = [BEGUN] if (table, happening) == ("event", "insert") else []
    marks = [mark for mark in MARKS if (mark.table, mark.happening) == (table, happening)]
    return [*begun, *(RAISED.format(told=mark.told) for mark in marks)]
