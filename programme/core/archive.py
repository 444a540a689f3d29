"""A whole installation in one file: every table's rows and the stored files, readable by either database."""

from __future__ import annotations

import base64
import json
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Date, LargeBinary, MetaData, Table, delete, func, insert, literal, select, text, update

from programme.core.database import Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection

    Progress = Callable[[str, int], None]

FORMAT = 1
CHUNK = 500
MANIFEST = "manifest.json"


class ArchiveError(Exception):
    """The file or the database is not fit for what was asked; the text says why."""


def write(
    connection: Connection, metadata: MetaData, target: Path, *, schema: str, store: Path, progress: Progress
) -> int:
    """Write every row and file into `target` and return the number of rows.

    `schema` is the revision, which a restore must match; `progress` is told (table, rows) after each table.
    """
    total = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr(MANIFEST, json.dumps({"format": FORMAT, "schema": schema}))
        for table in kept(metadata):
            rows = 0
            with box.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
                for row in rows_of(connection, table):
                    file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                    rows += 1
            progress(table.name, rows)
            total += rows
        for path in files_of(store):
            box.write(path, f"files/{path.relative_to(store)}")
    target.chmod(0o600)
    return total


def kept(metadata: MetaData) -> list[Table]:
    """Return the tables that a backup holds, parents first: caches can be reckoned again."""
    return [table for table in metadata.sorted_tables if not table.info.get("is_cache")]


def files_of(store: Path) -> list[Path]:
    """Return the stored files that belong to the installation: uploads, not databases or counters."""
    uploads = store / "uploads"
    return sorted(path for path in uploads.rglob("*") if path.is_file()) if uploads.is_dir() else []


def rows_of(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """Give every row of `table` in the order of its key, as JSON can say it."""
    result = connection.execution_options(yield_per=CHUNK).execute(select(table).order_by(*table.primary_key))
    for row in result:
        yield {column.name: to_json(column, value) for column, value in zip(table.columns, row, strict=True)}


def to_json(column: Column[Any], value: Any) -> Any:
    """Return a value as JSON can say it."""
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def from_json(column: Column[Any], value: Any) -> Any:
    """Return what `to_json` wrote as the database takes it."""
    if value is None:
        return None
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(column.type, LargeBinary) else value


def read(
    connection: Connection,
    metadata: MetaData,
    source: Path,
    *,
    founded: frozenset[str],
    schema: str,
    store: Path,
    progress: Progress,
) -> int:
    """Fill a new database of the same schema from `source` and return the number of rows.

    New is one whose only rows are in the tables named in `founded`: they make room.
    Raises ArchiveError where the file is none of ours, of another schema, or the database is in use.
    """
    try:
        box = zipfile.ZipFile(source)
        manifest = json.loads(box.read(MANIFEST))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ArchiveError(f"{source} is not a backup of the programme ({error}).") from None
    if manifest.get("format") != FORMAT or manifest.get("schema") != schema:
        raise ArchiveError(f"The backup has schema {manifest.get('schema')}, the database {schema}: migrate first.")
    make_room(connection, metadata, founded)
    with box:
        total = sum(fill(connection, table, box, progress) for table in kept(metadata))
        restore_files(box, store)
    return total


def make_room(connection: Connection, metadata: MetaData, founded: frozenset[str]) -> None:
    """Empty the tables that founding fills; raises ArchiveError where any other has a row."""
    for table in kept(metadata):
        if table.name not in founded and connection.scalar(select(literal(1)).select_from(table).limit(1)):
            raise ArchiveError("The database is in use already. Restore into a new one.")
    for table in reversed(kept(metadata)):
        if table.name in founded:
            connection.execute(delete(table))


def fill(connection: Connection, table: Table, box: zipfile.ZipFile, progress: Progress) -> int:
    """Insert the rows of one table, links to itself last; returns how many."""
    own = [c for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]
    links: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    count = 0
    with box.open(f"tables/{table.name}.jsonl") as file:
        for line in file:
            said = json.loads(line)
            row = {column.name: from_json(column, said.get(column.name)) for column in table.columns}
            if any(row[column.name] is not None for column in own):
                links.append({"row_id": row["id"], **{column.name: row[column.name] for column in own}})
                row.update({column.name: None for column in own})
            rows.append(row)
            count += 1
            if len(rows) == CHUNK:
                connection.execute(insert(table), rows)
                rows = []
    if rows:
        connection.execute(insert(table), rows)
    for link in links:
        connection.execute(update(table).where(table.c.id == link.pop("row_id")).values(**link))
    restart_key(connection, table)
    progress(table.name, count)
    return count


def restart_key(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after the restored ones; SQLite does so by itself."""
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    connection.execute(
        text("SELECT setval(pg_get_serial_sequence(:name, 'id'), COALESCE(:last, 1), :last IS NOT NULL)"),
        {"name": table.name, "last": connection.scalar(select(func.max(table.c.id)))},
    )


def restore_files(box: zipfile.ZipFile, store: Path) -> None:
    """Lay the stored files back; names that lead out of the store are refused."""
    root = store.resolve()
    for name in box.namelist():
        if name.startswith("files/"):
            path = (root / name.removeprefix("files/")).resolve()
            if not path.is_relative_to(root):
                raise ArchiveError(f"The backup names a file outside the store: {name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(box.read(name))
