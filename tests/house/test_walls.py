"""Rules of the house that no other tool holds: the clock, commits, states, and keys that point down."""

import ast
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import ForeignKey, Table

from programme.core.database import Base
from programme.tables import METADATA
from tests.bed.databases import EITHER
from tests.bed.recording import may_be_free
from tests.house.test_imports import layers
from tests.house.tree import modules, short, statements, tree

CLOCK = "programme/core/clock.py"
READS_THE_CLOCK = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "func.now",
        "func.current_timestamp",
    }
)
# Edges commit: views, jobs and commands. What these files are called stands below the edge.
BELOW_THE_EDGE = frozenset(
    {"models", "states", "queries", "actions", "forms", "letters", "ports", "plugs", "outbox", "places", "permissions"}
)
WRITES_STATES = frozenset({"programme/core/transitions.py"})


def test_only_the_clock_reads_the_clock() -> None:
    assert calls_of(READS_THE_CLOCK, apart_from={CLOCK}) == []


def test_below_the_edge_nothing_commits() -> None:
    below = [
        path
        for path in modules("programme")
        if path.stem in BELOW_THE_EDGE or short(path).startswith("programme/flows/")
    ]
    assert [found for path in below for found in methods_called(path, "commit")] == []


def test_only_the_table_of_moves_writes_a_state() -> None:
    written = [
        f"{short(path)}:{node.lineno}"
        for path in modules("programme")
        if short(path) not in WRITES_STATES
        for node in statements(tree(path))
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr == "state"
    ]
    assert written == []


def test_foreign_keys_point_down() -> None:
    rooms = {mapper.local_table: mapper.class_.__module__ for mapper in Base.registry.mappers}
    upward = [
        f"{table.name}.{key.parent.name} → {key.column.table.name}"
        for table in METADATA.tables.values()
        for key in table.foreign_keys
        if points_up(key, rooms={named: room for named, room in rooms.items() if isinstance(named, Table)}, table=table)
    ]
    assert upward == []


def test_either_database_is_for_tests_that_exist_and_may_be_spared() -> None:
    known = {f"{short(path)}::{name}" for path in modules("tests") for name in functions(tree(path).body)}
    assert sorted(EITHER - known) == []
    assert [name for name in sorted(EITHER) if not may_be_free(name)] == []


def functions(body: list[ast.stmt]) -> Iterator[str]:
    """The functions of a module, and those of its classes, as pytest names them."""
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield from (f"{node.name}::{name}" for name in functions(node.body))


def points_up(key: ForeignKey, *, rooms: dict[Table, str], table: Table) -> bool:
    """Whether a key's target stands on a higher floor than its table, or next door."""
    here, there = rooms.get(table), rooms.get(key.column.table)
    if here is None or there is None or room(here) == room(there):
        return False
    return floor(there) <= floor(here)


def floor(module: str) -> int:
    """How far down a module stands; 0 is the top."""
    return next(
        number
        for number, layer in enumerate(layers())
        for name in layer.replace(":", "|").split("|")
        if f"{module}.".startswith(f"{name.strip(' ()')}.")
    )


def room(module: str) -> str:
    """The room a module stands in, whatever its folder there: an engine, a strand, or a floor by its name."""
    parts = module.split(".")
    return ".".join(parts[:3] if parts[1] in {"engines", "strands"} else parts[:2])


def calls_of(names: frozenset[str], *, apart_from: set[str]) -> list[str]:
    """Where one of `names`, written `owner.method`, is used."""
    methods = {name.rpartition(".")[2] for name in names}
    return [
        f"{short(path)}:{node.lineno}"
        for path in modules("programme")
        if short(path) not in apart_from
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in methods
        if ".".join(ast.unparse(node).split(".")[-2:]) in names
    ]


def methods_called(path: Path, method: str) -> list[str]:
    """Where a method of that name is called, whoever's it is."""
    return [
        f"{short(path)}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
    ]
