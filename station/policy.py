"""What the partner allows on its own data, whatever the others signed. The strictest rule wins."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from station.contract.contract import validation_reasons
from station.reasons import Reason, Refused
from station.specification import Specification, Strict

ALL = "*"
DEFAULT = """\
# What this station allows. Change it and it counts from the next decision.
# "*" means: all. Hours are on this machine's own clock.
analyses = ["grouped_counts"]
engines = ["mpyc"]
least_k = 10
datasets = ["*"]
partners = ["*"]
hours = "00:00-24:00"
most_per_year = 100  # runs about one dataset, in all contracts together
"""


class Policy(Strict):
    analyses: list[str]
    engines: list[str]
    least_k: Annotated[int, Field(ge=2)]
    datasets: list[str]
    partners: list[str]
    most_per_year: Annotated[int, Field(ge=1)] = 100
    hours: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]

    def reasons(self, spec: Specification, organisation: str) -> list[Reason]:
        """Why this station does not take part in such a computation."""
        found = []
        if not _allowed(spec.analysis, self.analyses):
            found.append(Reason("policy.analysis", {"analysis": spec.analysis}))
        if not _allowed(spec.engine, self.engines):
            found.append(Reason("policy.engine", {"engine": spec.engine}))
        if spec.disclosure.k < self.least_k:
            found.append(Reason("policy.k", {"k": spec.disclosure.k, "least": self.least_k}))
        for entry in spec.inputs_of(organisation):
            if not _allowed(entry.dataset, self.datasets):
                found.append(Reason("policy.dataset", {"dataset": entry.dataset}))
        for party in spec.parties:
            if party.organisation != organisation and not _allowed(party.organisation, self.partners):
                found.append(Reason("policy.partner", {"organisation": party.organisation}))
        return found

    def engines_of(self, installed: list[str]) -> list[str]:
        """Those of the installed engines that may be used."""
        return [name for name in installed if _allowed(name, self.engines)]

    def closed(self, now: datetime) -> list[Reason]:
        """Why no run starts at this time of day. 22:00-06:00 goes over midnight; 08:00-08:00 is the whole day."""
        start, end = self.hours.split("-")
        time = now.strftime("%H:%M")
        is_open = start <= time < end if start < end else time >= start or time < end
        return [] if is_open else [Reason("policy.hours", {"hours": self.hours})]


def read_policy(path: Path) -> Policy:
    try:
        return Policy.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        raise Refused(*validation_reasons("policy.field", error)) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused("file.unreadable", path=str(path)) from error


def _allowed(name: str, names: list[str]) -> bool:
    return ALL in names or name in names
