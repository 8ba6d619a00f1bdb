"""Three invented organisations and a use case that real actions walk to any state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone
from joserfc.jwk import ECKey

from accounts import roles
from accounts.models import Mandate, Membership, Organisation, User
from collaborations import actions
from collaborations.models import Contract, UseCase
from demo import road
from demo.dossier import Dossier
from station.contract.signatures import new_key, public, sign
from station.specification import Specification
from tests.computations.trial import specification

KEYS = ("alfa", "beta", "gamma")
"""alfa asks and receives, beta also gives and checks, gamma only computes."""
STEPS = list(road.STEPS)
STOPS = {"draft": "draft", "proposed": "propose", "joined": "join", "exploring": "specify", "assessing": "assess",
         "based": "legal_bases", "adopted": "dpia_adopt", "agreed": "agreement"}  # fmt: skip
AFTER = ("contracted", "authorised", "closed", "on_hold", "rejected", "withdrawn")
UseCaseAt = Callable[..., UseCase]
Person = Callable[[str, str], User]


@pytest.fixture
def organisations(db: None) -> dict[str, Organisation]:
    return {key: Organisation.objects.create(slug=key, name=key.title()) for key in KEYS}


@pytest.fixture
def person(organisations: dict[str, Organisation]) -> Person:
    """Who plays a role at an organisation; a manager holds a mandate. Made when first asked for."""

    def found(key: str, role: str) -> User:
        email = f"{role}@{key}.example"
        known = User.objects.filter(email=email).first()
        return known or _new_person(email, organisations[key], role)

    return found


@dataclass
class Station:
    """The signing key of each organisation's station, and what it says with it."""

    keys: dict[str, ECKey] = field(default_factory=lambda: {key: new_key() for key in KEYS})

    def public(self) -> dict[str, dict[str, str]]:
        return {key: public(own) for key, own in self.keys.items()}

    def approval(self, contract: Contract, key: str, *, by: ECKey | None = None, **changes: Any) -> str:
        """A signed approval as it should be, but for the ``changes``."""
        text, today = contract.read(), timezone.localdate().isoformat()
        party = text.specification.party(key)
        payload = {
            "contract": contract.sha256, "organisation": key, "capacity": party.capacity if party else "",
            "mandate": {"function": "director", "reference": "invented 1", "valid_to": today},
            "documents": [document.sha256 for document in text.documents], "decided_on": today,
        }  # fmt: skip
        return sign(text.approval_type, payload | changes, by or self.keys[key])

    def revocation(self, contract: Contract, key: str, **changes: Any) -> str:
        payload = {"contract": contract.sha256, "organisation": key, "reason": "invented", "at": 1}
        return sign("revocation", payload | changes, self.keys[key])


@pytest.fixture
def stations() -> Station:
    return Station()


@pytest.fixture
def draft_contract(stations: Station, person: Person) -> Callable[..., Contract]:
    """A contract as the platform drafts it from what the stations announced."""

    def drafted(use_case: UseCase, **changes: Any) -> Contract:
        inputs = use_case.specification.read().inputs
        datasets = [{"input": entry.id, "sha256": "0" * 64, "synthetic": changes.get("trial", False)} for entry in inputs]
        asker = person("alfa", "innovation_manager")
        return actions.draft_contract(
            **{"use_case": use_case, "stations": stations.public(), "datasets": datasets, "by": asker} | changes
        )

    return drafted


@pytest.fixture
def approve_all(stations: Station, organisations: dict[str, Organisation]) -> Callable[[Contract], None]:
    """Every station signs."""

    def approve(contract: Contract) -> None:
        for key in KEYS:
            jws = stations.approval(contract, key)
            actions.record_signature(contract=contract, organisation=organisations[key], jws=jws)

    return approve


@pytest.fixture
def use_case_at(
    person: Person, draft_contract: Callable[..., Contract], approve_all: Callable[[Contract], None]
) -> UseCaseAt:
    """A use case that the actions themselves brought there: a state, or one of the ``STOPS`` before it.

    ``spec`` changes the specification (arguments of ``trial.specification``), ``data`` replaces it.
    """

    def walked(stop: str, *, data: dict[str, Any] | None = None, **spec: Any) -> UseCase:
        document = data or specification(**spec)
        journey = Journey(Specification.model_validate(document), Dossier(), say=lambda _: None, who=person)
        road.walk(journey, until=STOPS.get(stop, "agreement"))
        use_case = journey.use_case
        asker = person("alfa", "innovation_manager")
        if stop in AFTER:
            contract = draft_contract(use_case)
            if stop != "contracted":
                approve_all(contract)
        use_case.refresh_from_db()
        ends: dict[str, Callable[[], Any]] = {
            "closed": lambda: actions.close(use_case=use_case, outcome="invented", by=asker),
            "on_hold": lambda: actions.hold(use_case=use_case, reason="invented", by=asker),
            "rejected": lambda: actions.reject(use_case=use_case, reason="invented", by=asker),
            "withdrawn": lambda: actions.withdraw(use_case=use_case, reason="invented", by=asker),
        }
        if stop in ends:
            ends[stop]()
        return UseCase.objects.get(pk=use_case.pk)

    return walked


@dataclass
class Journey(road.Journey):
    """The demo's road, walked by the people of these tests."""

    who: Person = field(kw_only=True)

    def person(self, organisation: str, role: str) -> User:
        return self.who(organisation, role)


def _new_person(email: str, organisation: Organisation, role: str) -> User:
    name = f"{role.replace('_', ' ').title()} {organisation.name}"
    user = User.objects.create_user(email, full_name=name, language="en")
    membership = Membership.objects.create(user=user, organisation=organisation)
    if role != "nobody":
        roles.grant(membership, role)
    if role == "mandated_manager":
        Mandate.objects.create(
            organisation=organisation, holder=user, function="Director", reference="Decision 1 (invented)",
            valid_from="2020-01-01", valid_to="2099-12-31",
        )  # fmt: skip
    return user
