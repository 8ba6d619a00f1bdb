"""Where the program names a reason: read off the source, without running it.

A use is the code that a ``Refused``, ``Reason`` or ``Turn`` begins with, and the facts that go with it. Where the code
is not written there itself, it is looked for where it must come from: the callers of a function that passes it on, what
a name was given, or a table that the function reads.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from station.reasons import sentences

ROOT = Path(__file__).parents[2]
ROOMS = (
    "accounts", "audit", "bench", "collaborations", "computations", "demo", "discussion", "dpia", "inbox", "library",
    "nicpet", "station", "web",
)  # fmt: skip
MAKERS = {"Refused", "Reason", "Turn", "Unmet"}
CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
ANY = "*"  # the facts cannot be told from the source
UNTRACED = "?"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Use:
    """``facts``: the names that are passed with the code; ``ANY`` among them when there may be more."""

    code: str
    facts: frozenset[str]
    place: str


@dataclass(frozen=True)
class Passer:
    """A function that passes a code on: where its callers put it, and the facts it adds. ``more``: its ``**facts``."""

    module: str
    name: str
    parameter: str
    position: int
    facts: frozenset[str]
    more: bool
    parameters: frozenset[str]
    default: str | None


@dataclass(frozen=True)
class Source:
    place: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def calls(self) -> list[tuple[ast.AST, ast.Call]]:
        """Every call of a name, with the innermost function (or the module) in which it stands."""
        found: list[tuple[ast.AST, ast.Call]] = []
        todo: list[tuple[ast.AST, ast.AST]] = [(self.tree, self.tree)]
        while todo:
            scope, node = todo.pop()
            if isinstance(node, ast.Call):
                found.append((scope, node))
            inner = node if isinstance(node, Function) else scope
            todo.extend((inner, child) for child in ast.iter_child_nodes(node))
        return found

    def calls_of(self, names: set[str]) -> list[tuple[ast.AST, ast.Call]]:
        return [(scope, call) for scope, call in self.calls if _called(call) in names]

    @property
    def makers(self) -> set[str]:
        return {"cls"} if self.place == "station/reasons.py" else MAKERS

    @property
    def module(self) -> str:
        return self.place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def knows(self, passer: Passer) -> bool:
        """Whether that function's name means that function here."""
        return self.module == passer.module or any(
            isinstance(node, ast.ImportFrom)
            and node.module == passer.module
            and any(alias.name == passer.name for alias in node.names)
            for node in self.tree.body
        )


def sources() -> list[Source]:
    """All product code, without migrations."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [
        Source(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in paths if "migrations" not in path.parts
    ]


def uses(found: list[Source]) -> list[Use]:
    """Every use in these sources; one whose code cannot be traced to a text has the code ``UNTRACED``."""
    passers = [passer for source in found for passer in _passers(source)]
    return [use for source in found for use in _of_source(source, passers)]


def _passers(source: Source) -> Iterator[Passer]:
    for function, call in source.calls_of(source.makers):
        first = call.args[0] if call.args else None
        names = _parameters(function) if isinstance(function, Function) else []
        if isinstance(function, Function) and isinstance(first, ast.Name) and first.id in names:
            given, more = _facts(call, function), _passes_more(call, function)
            yield Passer(
                source.module, function.name, first.id, names.index(first.id), given - {ANY} if more else given,
                more, frozenset(names), _default(function, first.id),
            )  # fmt: skip


def _parameters(function: Function) -> list[str]:
    arguments = function.args
    return [argument.arg for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]]


def _default(function: Function, parameter: str) -> str | None:
    arguments = [*function.args.posonlyargs, *function.args.args]
    for argument, default in zip(arguments[::-1], function.args.defaults[::-1], strict=False):
        if argument.arg == parameter and isinstance(default, ast.Constant):
            return str(default.value)
    return None


def _passes_more(call: ast.Call, function: Function) -> bool:
    """Whether the function's own ``**facts`` go along."""
    own = function.args.kwarg.arg if function.args.kwarg else None
    return any(k.arg is None and isinstance(k.value, ast.Name) and k.value.id == own for k in call.keywords)


def _of_source(source: Source, passers: list[Passer]) -> Iterator[Use]:
    for function, call in source.calls_of(source.makers):
        first = call.args[0] if call.args else None
        if first is not None and not _passed_on(first, function):
            for code in _codes(first, function, source):
                yield _use(code, _facts(call, function), call, source)
    for passer in filter(source.knows, passers):
        for function, call in source.calls_of({passer.name}):
            yield from _through(call, passer, function, source)


def _through(call: ast.Call, passer: Passer, function: ast.AST, source: Source) -> Iterator[Use]:
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    given = call.args[passer.position] if len(call.args) > passer.position else named.get(passer.parameter)
    codes = [passer.default] if given is None and passer.default else _codes(given, function, source) if given else []
    own = frozenset(named) - passer.parameters if passer.more else frozenset()
    for code in codes:
        yield _use(code, passer.facts | own, call, source)


def _use(code: str, facts: frozenset[str], call: ast.Call, source: Source) -> Use:
    """A code that does not stand in this source in full was found through a gap: then the facts are a guess."""
    in_full = code == UNTRACED or f'"{code}"' in source.text or f"'{code}'" in source.text
    return Use(code, facts if in_full else facts | {ANY}, f"{source.place}:{call.lineno}")


def _passed_on(first: ast.expr, function: ast.AST) -> bool:
    """A reason that was made before, several at once, or what this function's own caller named."""
    if isinstance(first, ast.Starred) or (isinstance(first, ast.Name) and first.id == "reason"):
        return True
    if isinstance(first, ast.Attribute) and first.attr == "code":
        return True
    if isinstance(first, ast.Call) and _called(first) in MAKERS:
        return True
    if isinstance(first, ast.Subscript) and "document" in ast.unparse(first):
        return True  # read from a document that another program sent
    return isinstance(first, ast.Name) and isinstance(function, Function) and first.id in _parameters(function)


def _codes(node: ast.expr, function: ast.AST, source: Source) -> list[str]:
    """Written there, or in what the name was given, or else anywhere in the function or the tables it reads."""
    origins = list(_given(node.id, function)) if isinstance(node, ast.Name) else [node]
    for places in (origins, [function]):
        found = [code for place in places for code in [*_written(place), *_of_tables(place, source)]]
        if found:
            return found
    return [UNTRACED]


def _written(node: ast.AST) -> Iterator[str]:
    """Codes in full; of a code with a gap (f"turn.{name}") every one that has a sentence."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and CODE.fullmatch(part.value):
            yield part.value
        if isinstance(part, ast.JoinedStr):
            texts = [re.escape(v.value) if isinstance(v, ast.Constant) else "[a-z_]+" for v in part.values]
            yield from (code for code in sentences() if re.fullmatch("".join(texts), code))


def _of_tables(node: ast.AST, source: Source) -> Iterator[str]:
    """The codes in the module's own tables that are named here."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    for statement in source.tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id in names for target in targets):
            yield from _written(statement)


def _facts(call: ast.Call, function: ast.AST) -> frozenset[str]:
    """The names of the facts of one call; what only shows when it runs is ``ANY``."""
    if _called(call) == "Refused":
        return frozenset(keyword.arg or ANY for keyword in call.keywords)
    given = call.args[1] if len(call.args) > 1 else next((k.value for k in call.keywords if k.arg == "facts"), None)
    return frozenset() if given is None else _names(given, function)


def _names(node: ast.expr, function: ast.AST) -> frozenset[str]:
    if isinstance(node, ast.Dict):
        keys = [
            _key(key) if key else _names(value, function) for key, value in zip(node.keys, node.values, strict=True)
        ]
        return frozenset().union(*keys)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _names(node.left, function) | _names(node.right, function)
    if isinstance(node, ast.IfExp):
        return _names(node.body, function) | _names(node.orelse, function)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict" and node.args:
        return _names(node.args[0], function)
    given = list(_given(node.id, function)) if isinstance(node, ast.Name) else []
    return frozenset().union(*(_names(value, function) for value in given)) if given else frozenset({ANY})


def _key(node: ast.expr) -> frozenset[str]:
    return frozenset({str(node.value) if isinstance(node, ast.Constant) else ANY})


def _given(name: str, function: ast.AST) -> Iterator[ast.expr]:
    """What a name is given inside this function; of a tuple the part that it gets, where that can be seen."""
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = node.iter if isinstance(node, ast.For | ast.comprehension) else getattr(node, "value", None)
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.For | ast.comprehension) or value is None:
            continue
        for target in targets:
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            values = (
                value.elts if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) else [value] * len(parts)
            )
            for part, got in zip(parts, values, strict=False):
                if isinstance(part, ast.Name) and part.id == name:
                    yield got


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
