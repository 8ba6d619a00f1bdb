"""Every type of event that the code records: literals handed on as ``event``, and the tables of the lifecycles.

A recorder is a function with a parameter named ``event``. What it is called with must be a literal, the ``event`` of a
table's entry, or the caller's own parameter ``event``; anything else is unclear, since its sentence could be missing.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "audit", "collaborations", "computations", "discussion", "dpia", "inbox", "library", "web")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def recorded() -> set[str]:
    literals = (entry.value for _where, entry in _handed_on() if isinstance(entry, ast.Constant))
    return {str(value) for value in literals} | set(_tables())


def unclear() -> list[str]:
    return [where for where, entry in _handed_on() if not _clear(entry)]


def _clear(entry: ast.expr) -> bool:
    if isinstance(entry, ast.Constant):
        return isinstance(entry.value, str)
    return getattr(entry, "id", getattr(entry, "attr", "")) == "event"


def _handed_on() -> Iterator[tuple[str, ast.expr]]:
    """What every call of a recorder gives as its event, with the place."""
    trees = {path: ast.parse(path.read_text()) for path in _sources()}
    shared = {name: at for tree in trees.values() for name, at in _recorders(tree).items() if name[0] != "_"}
    for path, tree in trees.items():
        known = shared | _recorders(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if (name := _name(call.func)) in known and (entry := _argument(call, known[name])) is not None:
                yield f"{path.relative_to(ROOT)}:{call.lineno}", entry


def _recorders(tree: ast.AST) -> dict[str, int]:
    """Function to the place of its parameter ``event``."""
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    names = {function.name: [argument.arg for argument in function.args.args] for function in functions}
    return {name: arguments.index("event") for name, arguments in names.items() if "event" in arguments}


def _argument(call: ast.Call, place: int) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "event"]
    return named[0] if named else call.args[place] if len(call.args) > place else None


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]


def _tables() -> Iterator[str]:
    """Whatever has an ``event`` in a table of a module named lifecycle."""
    for path in _sources():
        if path.name == "lifecycle.py":
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for table in vars(module).values():
                yield from (entry.event for entry in _entries(table) if hasattr(entry, "event"))


def _entries(table: Any) -> list[Any]:
    return list(table.values()) if isinstance(table, dict) else []
