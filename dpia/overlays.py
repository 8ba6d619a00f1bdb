"""What a law asks on top of a template: questions that are added to its points, shown when that law applies.

A template names its overlays; they are laid over it when its file is read, so that what is stored is whole."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from dpia.conditions import Condition, Form, Id
from dpia.questions import Question
from dpia.template_file import read_yaml
from dpia.wrong import Wrong

OVERLAYS = Path(__file__).parent / "templates_data" / "overlays"


class Added(Form):
    point: Id
    questions: list[Question]


class Overlay(Form):
    """``when``: the condition under which its questions are asked, beside their own."""

    schema_: Literal["nicpet.template-overlay/1"] = Field(alias="schema")
    key: Id
    when: Condition
    adds: list[Added]


def known() -> list[str]:
    return sorted(path.stem for path in OVERLAYS.glob("*.yaml"))


def overlay(key: str) -> Overlay:
    if key not in known():
        raise Wrong(f"no overlay {key}", f"er is geen overlay {key}")
    return Overlay.model_validate(read_yaml((OVERLAYS / f"{key}.yaml").read_text("utf-8")))


def laid_over(data: Any) -> Any:
    """A template's document with the questions of its overlays in their points. Anything odd is left for the
    validation of the whole."""
    names = data.get("overlays") if isinstance(data, dict) else None
    if not isinstance(names, list) or not names:
        return data
    whole = deepcopy(data)
    del whole["overlays"]
    points = {point["id"]: point for part in whole["parts"] for point in part["points"]}
    for name in names:
        laid = overlay(name)
        for added in laid.adds:
            points[added.point]["questions"] += [_asked(question, laid.when) for question in added.questions]
    whole["laid_over"] = [str(name) for name in names]
    return whole


def _asked(question: Question, when: Condition) -> dict[str, Any]:
    both = Condition(all=[when, question.show_if]) if question.show_if else when
    shown = question.model_copy(update={"show_if": both})
    return shown.model_dump(mode="json", by_alias=True, exclude_defaults=True)
