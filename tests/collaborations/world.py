"""Three invented organisations, their people and stations, and the road a use case takes among them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

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
from tests.collaborations.remembered import once
from tests.computations.trial import specification

KEYS = ("alfa", "beta", "gamma")
"""alfa asks and receives, beta also gives and checks, gamma only computes."""
STOPS = {"draft": "draft", "proposed": "propose", "joined": "join", "exploring": "specify", "assessing": "assess",
         "based": "legal_bases", "adopted": "dpia_adopt", "agreed": "agreement"}  # fmt: skip
AFTER = ("contracted", "authorised", "closed", "on_hold", "rejected", "withdrawn")
"""Further than ``agreed``, where everything but a contract is there."""


@dataclass
class Stations:
    """The signing key of each organisation's station, and what it says with it."""

    keys: dict[str, ECKey] = field(default_factory=lambda: {key: new_key() for key in KEYS})

    @classmethod
    def of(cls, names: tuple[str, ...]) -> Stations:
        return cls({name: new_key() for name in names})

    def public(self) -> dict[str, dict[str, str]]:
        return {key: public(own) for key, own in self.keys.items()}

    def approval(self, contract: Contract, key: str, /, *, by: ECKey | None = None, **changes: Any) -> str:
        """A signed approval as it should be, but for the ``changes``."""
        text, today = contract.read(), timezone.localdate().isoformat()
        party = text.specification.party(key)
        payload = {
            "contract": contract.sha256, "organisation": key, "capacity": party.capacity if party else "",
            "mandate": {"function": "director", "reference": "invented 1", "valid_to": today},
            "documents": [document.sha256 for document in text.documents], "decided_on": today,
        }  # fmt: skip
        return sign(text.approval_type, payload | changes, by or self.keys[key])

    def revocation(self, contract: Contract, key: str, /, *, by: ECKey | None = None, **changes: Any) -> str:
        payload = {"contract": contract.sha256, "organisation": key, "reason": "invented", "at": 1}
        return sign("revocation", payload | changes, by or self.keys[key])


@dataclass
class World:
    """``keys``: other names than those of ``KEYS`` make another three organisations, who do the same elsewhere."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    stations: Stations = field(default_factory=Stations)
    use_case: UseCase | None = None
    keys: tuple[str, ...] = KEYS
    _people: list[User] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        for key in self.keys:
            made, _new = Organisation.objects.get_or_create(slug=key, name=key.title())
            self.organisations.setdefault(key, made)
        if self.keys != KEYS:
            self.stations = Stations.of(self.keys)

    def person(self, key: str, role: str) -> User:
        """Who plays a role at an organisation, made when first asked for; a manager holds a mandate."""
        found = User.objects.filter(email=f"{role}@{key}.example").first() or self._new(key, role)
        self._people.append(found)
        return found

    def _new(self, key: str, role: str) -> User:
        return new_person(f"{role}@{key}.example", self.organisations[key], role)

    def use_case_at(self, stop: str, *, data: dict[str, Any] | None = None, **spec: Any) -> UseCase:
        """A use case brought to a state, or to one of the ``STOPS``, by the actions themselves.

        ``spec`` changes the specification (arguments of ``trial.specification``), ``data`` replaces it.
        """
        if data or spec:
            return self._built(stop, data or self._renamed(specification(**spec)))
        alone = User.objects.count() == len({user.email for user in self._people})
        (pk, keys), back = once((stop, self.keys), lambda: self._usual(stop), alone=alone)
        if back:
            self._again(keys)
        return UseCase.objects.get(pk=pk)

    def _usual(self, stop: str) -> tuple[int, dict[str, ECKey]]:
        return self._built(stop, self._renamed(specification())).pk, dict(self.stations.keys)

    def _built(self, stop: str, document: dict[str, Any]) -> UseCase:
        journey = Journey(Specification.model_validate(document), Dossier(), say=lambda _: None, who=self.person)
        road.walk(journey, until=STOPS.get(stop, "agreement"))
        use_case = journey.use_case
        if stop in AFTER:
            contract = self.draft_contract(use_case)
            if stop != "contracted":
                self.approve_all(contract)
            self._end(stop, UseCase.objects.get(pk=use_case.pk))
        return UseCase.objects.get(pk=use_case.pk)

    def _again(self, keys: dict[str, ECKey]) -> None:
        """What was put back has its own rows for whom this world already made: those are meant from now on."""
        self.stations.keys.update(keys)
        for organisation in self.organisations.values():
            organisation.pk = Organisation.objects.get(slug=organisation.slug).pk
            organisation.refresh_from_db()
        for user in self._people:
            key, role = user.email.split("@")[1].split(".")[0], user.email.split("@")[0]
            user.pk = (User.objects.filter(email=user.email).first() or self._new(key, role)).pk
            user.refresh_from_db()

    def draft_contract(self, use_case: UseCase, **changes: Any) -> Contract:
        """A contract as the platform drafts it from what the stations announced."""
        trial = changes.get("trial", False)
        version = use_case.specification
        inputs = version.read().inputs if version else []
        arguments = {
            "use_case": use_case, "stations": self.stations.public(),
            "by": self.person(self.keys[0], "innovation_manager"),
            "datasets": [{"input": entry.id, "sha256": "0" * 64, "synthetic": trial} for entry in inputs],
        }  # fmt: skip
        return actions.draft_contract(**arguments | changes)

    def approve_all(self, contract: Contract) -> None:
        """Every station signs."""
        for key in self.keys:
            jws = self.stations.approval(contract, key)
            actions.record_signature(contract=contract, organisation=self.organisations[key], jws=jws)

    def _renamed(self, document: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(document)
        for usual, key in zip(KEYS, self.keys, strict=True):
            text = text.replace(f'"{usual}', f'"{key}')
        renamed: dict[str, Any] = json.loads(text)
        return renamed

    def contract(self) -> Contract:
        assert self.use_case is not None
        return self.use_case.contracts.get()

    def _end(self, stop: str, use_case: UseCase) -> None:
        by = self.person(self.keys[0], "innovation_manager")
        if stop == "closed":
            actions.close(use_case=use_case, outcome="invented", reached="reached", by=by)
        elif stop in ("on_hold", "rejected", "withdrawn"):
            act = {"on_hold": actions.hold, "rejected": actions.reject, "withdrawn": actions.withdraw}[stop]
            act(use_case=use_case, reason="invented", by=by)


@dataclass
class Journey(road.Journey):
    """The demo's road, walked by the people of these tests."""

    who: Callable[[str, str], User] = field(kw_only=True)

    def person(self, organisation: str, role: str) -> User:
        return self.who(organisation, role)


def new_person(email: str, organisation: Organisation, role: str) -> User:
    name = f"{role.replace('_', ' ').title()} {organisation.name}"
    user = User.objects.create_user(email, full_name=name, language="en")
    membership = Membership.objects.create(user=user, organisation=organisation)
    if role in roles.ROLES:
        roles.grant(membership, role)
    if role == "mandated_manager":
        Mandate.objects.create(
            organisation=organisation, holder=user, function="Director", reference="Decision 1 (invented)",
            valid_from="2020-01-01", valid_to="2099-12-31",
        )  # fmt: skip
    return user
