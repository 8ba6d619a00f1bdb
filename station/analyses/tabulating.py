"""The base of analyses that are a tabulation and nothing else."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from station.analyses import tabulation
from station.analyses.analysis import Analysis, Estimate, Leak, Lists, OutputColumn
from station.analyses.joins import join_leaks
from station.analyses.tabulation import Tabulation
from station.reasons import Reason
from station.specification import Condition, Output, Specification


class Tabulating(Analysis):
    """A subclass says what is tabulated; the rest follows."""

    @abstractmethod
    def what(self, parameters: Any) -> Tabulation: ...

    def tabulation(self, spec: Specification) -> Tabulation:
        return self.what(self.read(spec))

    def check(self, spec: Specification) -> list[Reason]:
        return tabulation.reasons(spec, self.tabulation(spec))

    def conditions(self, spec: Specification) -> list[Condition]:
        return self.tabulation(spec).conditions

    def columns(self, spec: Specification, output: Output | None = None) -> list[OutputColumn]:
        return tabulation.columns(spec, self.tabulation(spec))

    def cells(self, spec: Specification) -> list[tuple[str, ...]]:
        return tabulation.labels(spec, self.tabulation(spec))

    def leakage(self, spec: Specification) -> list[Leak]:
        return join_leaks(spec, self.tabulation(spec).base)

    def estimate(self, spec: Specification) -> Estimate:
        return tabulation.estimate(spec, self.tabulation(spec))

    def plain(self, spec: Specification, lists: Lists) -> dict[str, list[int]]:
        values = tabulation.plain(spec, self.tabulation(spec), lists)
        return {output.name: values for output in spec.outputs}
