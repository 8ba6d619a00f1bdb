"""From a trial on synthetic data to a specification of the real thing: what stays, and what has to become different."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from collaborations.models import Contract, UseCase
from computations.models import Dataset, Run
from computations.models.runs import read_terms
from computations.specifying.differences import Change, differences
from computations.specifying.starting import WINDOW_DAYS
from station.contract.canonical import digest
from station.reasons import Refused
from station.specification import Input

OPEN = ("exploring", "assessing")
"""While a version can still be saved: the trial becomes a draft, and a version comes of it in the usual way."""
MARK = "_synthetic"


@dataclass(frozen=True)
class Promotion:
    """The draft that a trial would become."""

    use_case: UseCase
    contract: Contract
    run: Run

    @cached_property
    def trial(self) -> dict[str, Any]:
        return read_terms(self.contract.data).specification.document()

    @cached_property
    def real(self) -> list[tuple[Input, Dataset | None]]:
        """Per input the announced dataset of real rows that can take its place; None when none, or several, could."""
        inputs = read_terms(self.contract.data).specification.inputs
        keys = {entry.organisation for entry in inputs}
        announced = Dataset.objects.filter(organisation__slug__in=keys, synthetic=False).select_related("organisation")
        known = list(announced)
        return [(entry, _counterpart(entry, known)) for entry in inputs]

    @cached_property
    def draft(self) -> dict[str, Any]:
        inputs = [
            entry | ({"dataset": found.key} if found else {})
            for entry, (_entry, found) in zip(self.trial["inputs"], self.real, strict=True)
        ]
        today = timezone.localdate()
        days = {"start": today.isoformat(), "end": (today + timedelta(days=WINDOW_DAYS)).isoformat()}
        return self.trial | {"inputs": inputs, "schedule": self.trial["schedule"] | days}

    @property
    def sha256(self) -> str:
        """Of what somebody confirms; other when a station announced another dataset since."""
        return digest(self.draft)

    def kinds(self) -> list[Change]:
        """What differs and stands in no field of a specification: what it runs on, and what it needs first."""
        rows = [self._rows(entry, found) for entry, found in self.real]
        asked = [(_("DPIA"), _("adopted by every controller")),
                 (_("Legal bases"), _("approved for every party")),
                 (_("Agreement between the parties"), _("in force"))]  # fmt: skip
        first = Change(_("Kind of contract"), _("trial contract, on synthetic data only"), _("contract, on real data"))
        return [first, *rows, *(Change(what, _("not needed"), needed) for what, needed in asked)]

    def changes(self) -> list[Change]:
        return differences(self.trial, self.draft)

    def since(self) -> list[Change]:
        """What the current version says otherwise: that is left out when the trial takes its place."""
        current = self.use_case.specification
        return differences(current.data, self.trial) if current else []

    def missing(self) -> list[str]:
        """Inputs for which the dataset still has to be chosen in the draft."""
        return [self._name(entry) for entry, found in self.real if found is None]

    def _rows(self, entry: Input, found: Dataset | None) -> Change:
        after = _("real rows (%(dataset)s)") % {"dataset": found.key} if found else _("still to be chosen in the draft")
        before = _("synthetic rows (%(dataset)s)") % {"dataset": entry.dataset}
        return Change(_("Rows of %(name)s") % {"name": self._name(entry)}, before, after)

    def _name(self, entry: Input) -> str:
        party = read_terms(self.contract.data).specification.party(entry.organisation)
        return party.name if party else entry.organisation


def promotion(use_case: UseCase, contract: Contract) -> Promotion:
    """Refused when this cannot become a draft now, with why."""
    if contract.kind != "trial_contract":
        raise Refused("trial.not_a_trial")
    if use_case.state not in OPEN:
        raise Refused("trial.not_now", state=str(use_case.get_state_display()))
    run = contract.runs.filter(state="released").order_by("-changed_at").first()
    if run is None:
        raise Refused("trial.not_released")
    return Promotion(use_case, contract, run)


def offered(user: User, contract: Contract) -> bool:
    """Whether to show the way: a trial that let something through, to who may specify, while a draft can be made."""
    if contract.kind != "trial_contract" or contract.use_case.state not in OPEN:
        return False
    allowed = roles.allowed(user, "specify", contract.use_case.proposer)
    return allowed and contract.runs.filter(state="released").exists()


def _counterpart(entry: Input, known: list[Dataset]) -> Dataset | None:
    """The real dataset called like the synthetic one; else the only one of that station with all columns in use."""
    own = [found for found in known if found.organisation.slug == entry.organisation]
    fitting = [found for found in own if not found.strange_columns(entry)]
    called = [found for found in fitting if found.key == entry.dataset.removesuffix(MARK)]
    return called[0] if called else fitting[0] if len(fitting) == 1 else None
