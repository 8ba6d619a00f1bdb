"""A specification as people read it: who does what in which order, and the parameters in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from computations.specifying.differences import leaves
from computations.specifying.learning import learners
from computations.specifying.words import FIELDS
from station import analyses
from station.specification import Specification
from web.templatetags.components import in_language


@dataclass(frozen=True)
class Stage:
    """One stage of the way of the data: where, and what happens there."""

    where: str
    what: list[str]


def context(spec: Specification) -> dict[str, Any]:
    """What ``computations/specification_text.html`` needs."""
    return {
        "spec": spec,
        "analysis": analyses.get(spec.analysis),
        "estimate": analyses.get(spec.analysis).estimate(spec),
        "names": names(spec),
        "stages": stages(spec),
        "parameters": parameters(spec),
        "learners": learners(spec),
    }


def names(spec: Specification) -> dict[str, str]:
    return {party.organisation: party.name for party in spec.parties}


def stages(spec: Specification) -> list[Stage]:
    known = names(spec)
    found = [
        Stage(
            _("At the station of %(name)s") % {"name": known[entry.organisation]},
            [_("%(dataset)s: %(columns)s") % {"dataset": entry.dataset, "columns": _columns(entry)}],
        )
        for entry in spec.inputs
    ]
    computing = ", ".join(known[key] for key in spec.with_role("computing_party"))
    found.append(Stage(_("At %(names)s, each a part that tells nothing by itself") % {"names": computing}, [
        _("Lists are aligned and counted on shares; what is below %(k)s is left out.") % {"k": spec.disclosure.k},
    ]))  # fmt: skip
    for output in spec.outputs:
        title = in_language(output.title)
        found.append(Stage(_("At the station of %(name)s") % {"name": known.get(output.checker, output.checker)}, [
            _("“%(title)s” is looked at and released or withheld.") % {"title": title},
        ]))  # fmt: skip
        receivers = ", ".join(known.get(key, key) for key in output.recipients)
        shown = [_("Shown on the platform to their members.")] if output.shown_on_platform else []
        found.append(Stage(_("At %(names)s") % {"names": receivers}, [
            _("“%(title)s” arrives.") % {"title": title}, *shown,
        ]))  # fmt: skip
    return found


def parameters(spec: Specification) -> list[tuple[str, list[str]]]:
    """Label and values of each parameter in the analysis's own order; columns and conditions each on their own line."""
    order = [name for name in analyses.get(spec.analysis).parameters.model_fields if name in spec.parameters]
    return [(str(FIELDS.get(name, name)), [text for _path, text in leaves(spec.parameters[name])]) for name in order]


def _columns(entry: Any) -> str:
    return ", ".join(column.name for column in entry.columns)
