"""The project's files, as the tests of the walls read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("programme", "tests", "benchmarks")
NOT_OURS = frozenset({".git", ".venv", "var", "build", "dist", "htmlcov", "test-results", "node_modules"})
BINARY = frozenset({".png", ".ico", ".xlsx", ".woff2", ".pdf", ".jpg", ".sqlite", ".pyc"})


@cache
def files(*places: str, suffix: str = "") -> tuple[Path, ...]:
    """Every file of ours under `places` (or anywhere), in order."""
    starts = [ROOT / place for place in places] or [ROOT]
    found = (path for start in starts for path in start.rglob(f"*{suffix}") if path.is_file())
    return tuple(sorted(path for path in found if is_ours(path)))


def is_ours(path: Path) -> bool:
    """Whether a file belongs to the project and was not left by a tool."""
    parts = path.relative_to(ROOT).parts
    left = {part for part in parts[:-1] if part in NOT_OURS or part.endswith("_cache") or part == "__pycache__"}
    return not left and parts[0] not in {".git", ".env", ".coverage", ".hypothesis"}


def modules(*places: str) -> tuple[Path, ...]:
    """Every Python file of ours under `places`."""
    return files(*places, suffix=".py")


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def statements(within: ast.AST) -> Iterator[ast.AST]:
    """Every statement below another, however deep; what stands inside of expressions is not looked at."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for one in getattr(within, field, []):
            yield one
            yield from statements(one)


def functions(path: Path) -> list[tuple[str, int]]:
    """Each function of a file by name and line, with its length."""
    return [
        (f"{short(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in statements(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def lines(path: Path) -> int:
    """How many lines a text file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def short(path: Path) -> str:
    """The path as seen from the project's folder."""
    return path.relative_to(ROOT).as_posix()
