"""Reading a template's YAML strictly: a name that stands twice would quietly lose a question."""

from __future__ import annotations

from typing import Any

import yaml


class Strict(yaml.SafeLoader):
    """Plain data only, and every name of a mapping once."""


def _mapping(loader: Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise ValueError(f"line {key_node.start_mark.line + 1}: {key} stands twice")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(text: str) -> Any:
    return yaml.load(text, Loader=Strict)  # noqa: S506 (a SafeLoader)
