"""Files stay small, are named in the house's words, and know no machine."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.house.tree import BINARY, CODE, ROOT, files, functions, lines, modules, short, statements, tree

LONGEST_FUNCTION = 50
USUAL_FUNCTION = 30
LONGEST_FILE = 300
FILES_IN_A_FOLDER = 10

FORBIDDEN = frozenset(
    {
        "util",
        "utils",
        "helper",
        "helpers",
        "common",
        "manager",
        "managers",
        "service",
        "services",
        "misc",
        "stuff",
        "rest",
    }
)
# Put together here so that this file does not find itself.
MACHINE = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", r"\.\./sha" + "red", "/Us" + "ers/"]))
LAZY = "programme/core/lazy.py"


def test_functions_have_at_most_fifty_lines() -> None:
    long = [name for path in modules(*CODE) for name, length in functions(path) if length > LONGEST_FUNCTION]
    assert long == []


@pytest.mark.parametrize("place", ["programme", "tests"])
def test_nearly_all_functions_are_under_thirty_lines(place: str) -> None:
    measured = [found for path in modules(place) for found in functions(path)]
    long = [name for name, length in measured if length >= USUAL_FUNCTION]
    assert len(long) <= 0.05 * len(measured), long


def test_files_have_at_most_three_hundred_lines() -> None:
    long = {short(path): lines(path) for path in modules(*CODE) if lines(path) > LONGEST_FILE}
    assert long == {}


def test_folders_have_at_most_ten_files() -> None:
    places = [*modules("programme", "tests"), *files("templates"), *files("static")]
    counted = Counter(short(path.parent) for path in places if path.name not in {"__init__.py", "conftest.py"})
    assert {folder: number for folder, number in counted.items() if number > FILES_IN_A_FOLDER} == {}


def test_no_name_holds_the_rest() -> None:
    named = [path.relative_to(ROOT) for path in files("programme", "tests", "benchmarks", "templates", "static")]
    assert [str(path) for path in named if FORBIDDEN & set(words(path))] == []
    classes = [
        f"{short(path)}:{node.lineno} {node.name}"
        for path in modules("programme")
        for node in statements(tree(path))
        if isinstance(node, ast.ClassDef)
        and FORBIDDEN & {word.lower() for word in re.findall("[A-Z][a-z]+", node.name)}
    ]
    assert classes == []


def test_modules_say_what_they_are_in_one_sentence() -> None:
    silent = [short(path) for path in modules(*CODE) if not ast.get_docstring(tree(path))]
    assert silent == []


def test_imports_stand_at_the_top() -> None:
    inside = [
        f"{short(path)}:{statement.lineno}"
        for path in modules("programme")
        if short(path) != LAZY
        for function in statements(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in statements(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_packages_import_nothing_from_themselves_at_the_top() -> None:
    assert [node for node in tree(ROOT / "programme/__init__.py").body if not isinstance(node, ast.Expr)] == []


def test_no_file_names_a_machine() -> None:
    told = [
        f"{short(path)}:{number}"
        for path in files()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert told == []


def words(path: Path) -> list[str]:
    """The words of a path's parts, without endings."""
    return [word for part in path.parts for word in re.split(r"[_.-]", part.lower())]
