"""The names of acts that the code can write into the trail, read from the code through whatever passes them on."""

import ast
from collections import defaultdict
from functools import cache
from itertools import product
from pathlib import Path

from tests.house.tree import ROOT, modules, short, tree

HOME = ROOT / "programme/core/audit.py"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def acts() -> dict[str, str]:
    """Every name of an act, with a place where it is passed on to the trail."""
    found: dict[str, str] = {}
    for path, function, call in (*calls_of(HOME, "record"), *calls_of(HOME, "record_each")):
        place = f"{short(path)}:{call.lineno}"
        found |= {name: place for name in said(argument(call, "verb", None), path, function) if name not in found}
    return found


def said(said_by: ast.expr | None, path: Path, function: Function | None) -> set[str]:
    """Every text that an expression can be; an error where that cannot be read from the code."""
    found: set[str] = set()
    match said_by:
        case ast.Constant(value=str(text)):
            found = {text}
        case ast.IfExp(body=one, orelse=other):
            found = said(one, path, function) | said(other, path, function)
        case ast.JoinedStr(values=parts):
            found = {"".join(each) for each in product(*(said(part, path, function) for part in parts))}
        case ast.FormattedValue(value=inner):
            found = said(inner, path, function)
        case ast.Subscript(value=table):
            words = constant(table.id, path) if isinstance(table, ast.Name) else table
            assert isinstance(words, ast.Dict), f"{short(path)}: what is {ast.dump(words)}?"
            found = set().union(*(said(value, path, function) for value in words.values))
        case ast.Name(id=name) if function is not None:
            found = named(name, path, function)
    if found:
        return found
    raise AssertionError(f"{short(path)}: say the name of the act as a text: {ast.dump(said_by) if said_by else ''}")


def named(name: str, path: Path, function: Function) -> set[str]:
    """Every text that a name in a function can stand for: what it was set to there, or what its callers pass."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(isinstance(it, ast.Name) and it.id == name for it in node.targets):
            return said(node.value, path, function)
    place = position(function, name)
    found = [
        said(argument(call, name, place), caller, around) for caller, around, call in calls_of(path, function.name)
    ]
    assert found, f"{short(path)}: nobody calls {function.name}"
    return set().union(*found)


def position(function: Function, name: str) -> int | None:
    """The position of an argument; None where it is only given by name."""
    positional = [it.arg for it in (*function.args.posonlyargs, *function.args.args)]
    assert name in positional or name in [it.arg for it in function.args.kwonlyargs], f"what is {name}?"
    return positional.index(name) if name in positional else None


def argument(call: ast.Call, name: str, place: int | None) -> ast.expr | None:
    """What a call passes for an argument."""
    by_name = next((it.value for it in call.keywords if it.arg == name), None)
    return by_name or (call.args[place] if place is not None and place < len(call.args) else None)


def constant(name: str, path: Path) -> ast.expr:
    """What a name of a module stands for, there or where it was imported from."""
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and any(isinstance(it, ast.Name) and it.id == name for it in node.targets):
            return node.value
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            assert node.value is not None
            return node.value
        if isinstance(node, ast.ImportFrom) and node.module and any(it.name == name for it in node.names):
            return constant(name, file_of(node.module))
    raise AssertionError(f"{short(path)}: {name} is not there")


@cache
def calls_of(home: Path, name: str) -> tuple[tuple[Path, Function | None, ast.Call], ...]:
    """Every call of a function of a module, with the function that it stands in."""
    return tuple(found for found in calls()[name] if is_called(found[2].func, name, found[0], home))


@cache
def calls() -> dict[str, list[tuple[Path, Function | None, ast.Call]]]:
    """Every call in the programme by the name that is called, with the innermost function around it.

    One walk through everything serves each question that follows.
    """
    found = defaultdict(list)
    for path in modules("programme"):
        beyond: list[tuple[ast.AST, Function | None]] = [(tree(path), None)]
        while beyond:
            node, function = beyond.pop()
            if isinstance(node, ast.Call):
                found[called_name(node.func)].append((path, function, node))
            within = node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
            beyond += [(child, within) for child in ast.iter_child_nodes(node)]
    return found


def called_name(called: ast.expr) -> str:
    """The name by which something is called, whatever it is a name of; empty where it has none."""
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def is_called(called: ast.expr, name: str, path: Path, home: Path) -> bool:
    """Whether an expression is this function: by its own name at home, else as it was imported."""
    if isinstance(called, ast.Name):
        return called.id == name and origin(name, path) == (home if path != home else path)
    if isinstance(called, ast.Attribute) and called.attr == name and isinstance(called.value, ast.Name):
        return imported_modules(path).get(called.value.id) == home
    return False


@cache
def origin(name: str, path: Path) -> Path | None:
    """The module that a function of this name comes from."""
    for node in tree(path).body:
        if isinstance(node, Function) and node.name == name:
            return path
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and any((it.asname or it.name) == name for it in node.names)
        ):
            return file_of(node.module)
    return None


@cache
def imported_modules(path: Path) -> dict[str, Path]:
    """The modules of ours that a module imports by name."""
    return {
        alias.asname or alias.name: file
        for node in tree(path).body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("programme")
        for alias in node.names
        for file in [ROOT / f"{node.module.replace('.', '/')}/{alias.name}.py"]
        if file.is_file()
    }


def file_of(module: str) -> Path:
    """The file of a module."""
    return ROOT / f"{module.replace('.', '/')}.py"
