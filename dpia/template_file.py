"""Reading a template's YAML strictly: a name that stands twice would quietly lose a question, and a file that is huge,
deep or that unfolds into something huge is refused before it is built."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from station.reasons import Refused

MOST_KIB, DEEPEST, MOST_NODES = 512, 24, 60_000
Path = tuple[str | int, ...]


class Strict(yaml.SafeLoader):
    """Plain data only, and every name of a mapping once."""


def _mapping(loader: Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in found:
            raise ValueError(f"line {key_node.start_mark.line + 1}: {key} stands twice")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@dataclass(frozen=True)
class Source:
    """What a file says, and at which line each part of it stands."""

    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Of the nearest part that stands in the file: what is missing has no line of its own."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str) -> Any:
    return yaml.load(text, Loader=Strict)  # noqa: S506 (a SafeLoader)


def read_source(text: str) -> Source:
    """Refused with the place when it is no sound YAML, or too large in one way or another."""
    if len(text.encode("utf-8", "replace")) > MOST_KIB * 1024:
        raise Refused("template.too_large", kib=MOST_KIB)
    try:
        _check_depth(text)
        node = yaml.compose(text, Loader=Strict)
        if node is None:
            raise Refused("template.empty")
        _check_size(node)
        return Source(read_yaml(text), dict(_lines(node)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Refused("template.not_yaml", line=mark.line + 1 if mark else 1, problem=str(error.problem)) from error
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise Refused("template.not_yaml", line=_line_in(str(error)), problem=str(error)[:200]) from error


def _check_depth(text: str) -> None:
    """Event by event, before anything nests."""
    depth = 0
    for event in yaml.parse(text, Loader=Strict):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > DEEPEST:
            raise Refused("template.too_deep", line=event.start_mark.line + 1, most=DEEPEST)


def _check_size(node: yaml.Node) -> None:
    """With every alias unfolded: ten lines of aliases can stand for a thousand million values."""
    sizes: dict[int, int] = {}
    if _size(node, sizes, frozenset()) > MOST_NODES:
        raise Refused("template.too_large", kib=MOST_KIB)


def _size(node: yaml.Node, sizes: dict[int, int], above: frozenset[int]) -> int:
    if id(node) in above:
        raise ValueError(f"line {node.start_mark.line + 1}: holds itself")
    if id(node) not in sizes:
        sizes[id(node)] = 1 + sum(_size(child, sizes, above | {id(node)}) for _key, child in _children(node))
    return sizes[id(node)]


def _children(node: yaml.Node) -> list[tuple[str | int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return [(str(key.value), value) for key, value in node.value]
    return list(enumerate(node.value)) if isinstance(node, yaml.SequenceNode) else []


def _lines(node: yaml.Node, path: Path = ()) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    for key, child in _children(node):
        yield from _lines(child, (*path, key))


def _line_in(text: str) -> int:
    found = text.removeprefix("line ").split(":")[0]
    return int(found) if found.isdecimal() else 1
