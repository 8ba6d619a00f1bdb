"""A contract, field by field. Every field must have a label here: what cannot be shown is not signed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from station import analyses
from station.contract.canonical import code
from station.contract.contract import Contract
from station.datasets import Registry
from station.reasons import Refused
from station.rendering.document import is_text, plain, render_document

FREE = {"parameters"}  # belongs to the analysis, whose own strict schema checked its fields


@cache
def labels() -> dict[str, dict[str, str]]:
    """field -> {nl, en}, in the order in which fields are shown."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(
        files("station.rendering").joinpath("labels.yaml").read_text("utf-8")
    )
    return loaded


def render(contract: Contract, language: str, *, own: str, registry: Registry) -> str:
    """The whole contract as text in ``nl`` or ``en``. ``own``: this station's organisation, ``registry``: its datasets.

    Refused for a field that this version of the station has no label for.
    """
    words = {name: text[language] for name, text in labels().items()}
    analysis = analyses.get(contract.specification.analysis)
    lines = [
        words["_contract"], "=" * len(words["_contract"]),
        f"{words['_code']}: {code(contract.sha256)}",
        f"{words['_hash']}: {contract.sha256}", "",
        *([words["_trial"], ""] if contract.is_trial else []),
        *render_document(_ordered(contract.document()), language, words),
        "", words["_analysis"], *_indented(analysis.title, analysis.summary, analysis.assumptions, language=language),
        "", words["_leakage"], *_leakage(contract, language),
        "", words["_own"], *_own(contract, language, own, registry),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _ordered(node: Any, free: bool = False) -> Any:
    """The same document with its fields in the order of the labels."""
    if is_text(node):
        return node
    if isinstance(node, dict):
        for name in node:
            if name not in labels() and not free:
                raise Refused("rendering.unknown_field", field=plain(name, "en")[:60])
        order = {name: place for place, name in enumerate(labels())}
        names = sorted(node, key=lambda name: (order.get(name, len(order)), name))
        return {name: _ordered(node[name], free or name in FREE) for name in names}
    return [_ordered(item, free) for item in node] if isinstance(node, list) else node


def _indented(*texts: Any, language: str) -> list[str]:
    return ["  " + getattr(text, language) for text in texts]


def _leakage(contract: Contract, language: str) -> list[str]:
    leaks = analyses.get(contract.specification.analysis).leakage(contract.specification)
    return [
        f"  - {', '.join(leak.to_whom)}: {getattr(leak.what, language)} "
        f"({getattr(leak.phase, language)}; {getattr(leak.bound, language)})"
        for leak in leaks
    ]


def _own(contract: Contract, language: str, own: str, registry: Registry) -> list[str]:
    """The descriptions that this partner itself wrote, beside the names in the contract."""
    lines = []
    for entry in contract.specification.inputs_of(own):
        try:
            schema = registry.get(entry.dataset).schema
        except Refused as refusal:
            lines += [f"  ! {reason.text(language)}" for reason in refusal.reasons]
            continue
        lines.append(f"  {entry.dataset}: {plain(getattr(schema.description, language), language)}")
        for column in entry.columns:
            declared = schema.column(column.name)
            text = getattr(declared.description, language) if declared else "-"
            lines.append(f"    {column.name}: {plain(text, language)}")
    return lines or ["  -"]
