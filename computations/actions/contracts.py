"""Drafting a contract needs what the stations announced: their keys and the schemas of their datasets."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from collaborations import actions as collaborations
from collaborations.models import Contract, UseCase
from computations import doorbell
from computations.models import Dataset, DataStation
from station.reasons import Reason, Refused
from station.specification import Specification


@transaction.atomic
def draft_contract(*, use_case: UseCase, by: User, trial: bool = False) -> Contract:
    """Freezes the specification with the stations' present keys and dataset schemas; the stations hear of it."""
    version = use_case.specification
    if version is None:
        raise Refused("use_case.not_specified")
    spec = version.read()
    parties = [party.organisation for party in spec.parties]
    stations = DataStation.objects.filter(organisation__slug__in=parties).select_related("organisation")
    contract = collaborations.draft_contract(
        use_case=use_case,
        stations={station.organisation.slug: station.key for station in stations},
        datasets=_datasets(spec),
        by=by,
        trial=trial,
    )
    transaction.on_commit(lambda: doorbell.ring(*parties))
    return contract


def _datasets(spec: Specification) -> list[dict[str, Any]]:
    """What each input rests on, as announced; Refused when a station has no such dataset, or with other columns."""
    found, reasons = [], []
    for entry in spec.inputs:
        facts: dict[str, str | int] = {"organisation": entry.organisation, "dataset": entry.dataset}
        dataset = Dataset.objects.filter(organisation__slug=entry.organisation, key=entry.dataset).first()
        if dataset is None:
            reasons.append(Reason("contract.no_dataset", facts))
            continue
        found.append({"input": entry.id, "sha256": dataset.sha256, "synthetic": dataset.synthetic})
        reasons.extend(
            Reason("contract.dataset_column", {**facts, "column": name}) for name in dataset.strange_columns(entry)
        )
    if reasons:
        raise Refused(*reasons)
    return found
