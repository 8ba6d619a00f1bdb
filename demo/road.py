"""The whole road, step by step: the same actions as behind the pages, by the people whose step it is.

Stations sign and release through their own command line. ``walk`` goes as far as it is asked to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, User
from collaborations import actions as collaborations
from collaborations.actions.agreements import Contact, RightRow
from collaborations.models import Contract, Partner, UseCase
from collaborations.models.agreements import RIGHTS
from computations import actions as computations
from computations.models import Run
from demo import assessing, at_station, cast
from demo.dossier import Dossier
from demo.stations import Station, at_once
from demo.waiting import wait_for
from station.specification import Specification

Say = Callable[[str], None]
BASIS_STATES = ("draft", "legal_review", "dpo_advised", "approved")


@dataclass
class Journey:
    """One use case on its way. ``seconds``: per step, in the order in which they were taken."""

    specification: Specification
    dossier: Dossier
    stations: dict[str, Station] = field(default_factory=dict)
    say: Say = print
    seconds: dict[str, float] = field(default_factory=dict)
    _use_case: UseCase | None = None
    _contract: Contract | None = None
    _run: Run | None = None

    @property
    def use_case(self) -> UseCase:
        if self._use_case is None:
            raise LookupError("nothing was proposed yet")
        return self._use_case

    @property
    def contract(self) -> Contract:
        if self._contract is None:
            raise LookupError("no contract was drafted yet")
        return self._contract

    @property
    def begun(self) -> bool:
        """Whether a run was asked for."""
        return self._run is not None

    @property
    def run(self) -> Run:
        if self._run is None:
            raise LookupError("no run was scheduled yet")
        return self._run

    @property
    def asker(self) -> str:
        return self.specification.asker

    @property
    def parties(self) -> list[str]:
        return [party.organisation for party in self.specification.parties]

    @property
    def others(self) -> list[str]:
        return [key for key in self.parties if key != self.asker]

    def take_up(self, use_case: UseCase) -> None:
        """Goes on with a use case that was begun before."""
        self._use_case, self._contract = use_case, use_case.contracts.order_by("-drafted_at").first()

    def take_up_run(self, run: Run) -> None:
        self._run = run

    def person(self, organisation: str, role: str) -> User:
        return cast.person(organisation, role)


def draft(journey: Journey) -> None:
    spec = journey.specification
    journey._use_case = collaborations.propose(
        organisation=_organisation(journey.asker), title=spec.title.nl, summary=spec.purpose.nl,
        theme=journey.dossier["theme"], by=journey.person(journey.asker, "innovation_manager"),
        **_plan(journey.dossier["plan"]),
    )  # fmt: skip


def _plan(written: dict[str, Any]) -> dict[str, Any]:
    plan = dict(written)
    return plan | {"measure_on": timezone.localdate() + timedelta(days=plan.pop("measure_in_days"))}


def propose(journey: Journey) -> None:
    by = journey.person(journey.asker, "innovation_manager")
    for key in journey.others:
        party = journey.specification.party(key)
        capacity = party.capacity if party else "joint_controller"
        collaborations.invite_partner(
            use_case=journey.use_case, organisation=_organisation(key), capacity=capacity, by=by
        )
    journey._use_case = collaborations.submit(use_case=journey.use_case, by=by)


def join(journey: Journey) -> None:
    for partner in journey.use_case.partners.filter(state="invited").select_related("organisation"):
        by = journey.person(partner.organisation.slug, "innovation_manager")
        collaborations.accept_invitation(partner=partner, by=by)
    journey.use_case.refresh_from_db()


def specify(journey: Journey) -> None:
    by = journey.person(journey.asker, "innovation_manager")
    collaborations.specify(use_case=journey.use_case, data=journey.specification.document(), by=by)


def assess(journey: Journey) -> None:
    by = journey.person(journey.asker, "drafter")
    journey._use_case = collaborations.start_assessing(
        use_case=journey.use_case, by=by, template=journey.dossier["template"]
    )


def bases(journey: Journey) -> None:
    for partner in journey.use_case.joined():
        bases_of(journey, partner)


def bases_of(journey: Journey, partner: Partner, until: str = "approved") -> None:
    """The rows of one partner, by its own drafter, lawyer, DPO and mandated manager, up to and including a state."""
    key = partner.organisation.slug
    party, last = journey.specification.party(key), BASIS_STATES.index(until)
    for text in journey.dossier.bases(journey.specification, party, timezone.localdate()) if party else []:
        basis = collaborations.draft_basis(partner=partner, text=text, by=journey.person(key, "drafter"))
        if last >= BASIS_STATES.index("legal_review"):
            basis = collaborations.submit_basis(basis=basis, by=journey.person(key, "lawyer"))
        if last >= BASIS_STATES.index("dpo_advised"):
            basis = collaborations.advise_basis(
                basis=basis, verdict="positive", text=journey.dossier["basis_advice"], by=journey.person(key, "dpo")
            )
        if last >= BASIS_STATES.index("approved"):
            collaborations.approve_basis(basis=basis, by=journey.person(key, "mandated_manager"))


def agree(journey: Journey) -> None:
    """One arrangement of all parties; a processor also gets its own contract."""
    spec, today = journey.specification, timezone.localdate()
    everyone = [_organisation(key) for key in journey.parties]
    processors = [party.organisation for party in spec.parties if party.capacity == "processor"]
    at = Contact(cast.describe()["contact"]["name"], cast.desk(journey.asker))
    rights = [RightRow(right, _organisation(journey.asker)) for right, _label in RIGHTS]
    pairs: list[tuple[str, list[Organisation]]] = [("art26", everyone)]
    pairs += [("art28", [_organisation(journey.asker), _organisation(key)]) for key in processors]
    for kind, parties in pairs:
        collaborations.record_agreement(
            use_case=journey.use_case, kind=kind, title=journey.dossier["agreement"]["title"], parties=parties,
            valid_from=min(today, spec.schedule.last_day), valid_to=spec.schedule.last_day,
            document=journey.dossier.agreement(spec), document_name="overeenkomst-voorbeeld.txt",
            rights=rights, contact=at, by=journey.person(journey.asker, "lawyer"),
        )  # fmt: skip


def draft_contract(journey: Journey, *, trial: bool = False) -> None:
    by = journey.person(journey.asker, "innovation_manager")
    journey._contract = computations.draft_contract(use_case=journey.use_case, by=by, trial=trial)


def sign(journey: Journey) -> None:
    """Every station checks and signs for itself; the code is read off the paper agreement, which here is this one."""
    sign_at(journey, journey.parties)


def sign_at(journey: Journey, organisations: Iterable[str]) -> None:
    """Some of the stations, at the same time: each knows only itself."""
    sha256, options = journey.contract.sha256, ["--code", journey.contract.code, *at_station.mandate()]
    at_once(partial(journey.stations[key], "sign", sha256, *options) for key in organisations)
    journey.contract.refresh_from_db()
    journey.use_case.refresh_from_db()


def schedule(journey: Journey) -> None:
    journey._run = computations.schedule_run(
        contract=journey.contract, by=journey.person(journey.asker, "innovation_manager")
    )


def compute(journey: Journey) -> None:
    """The stations do this among themselves; we look on."""
    wait_for(journey.run, "checking", journey.say)


def release(journey: Journey) -> None:
    """The checker looks at the table at its own station and lets it out."""
    for output in journey.specification.outputs:
        checker = journey.stations[output.checker]
        checker("output", "show", str(journey.run.pk))
        checker(
            "output", "release", str(journey.run.pk), "--output", output.name,
            "--reasons", journey.dossier["release"], *at_station.checker(),
        )  # fmt: skip
    wait_for(journey.run, "released", journey.say)


STEPS: dict[str, Callable[[Journey], Any]] = {
    "draft": draft,
    "propose": propose,
    "join": join,
    "specify": specify,
    "assess": assess,
    "legal_bases": bases,
    "dpia_submit": assessing.submit,
    "dpia_review": assessing.review,
    "dpia_advice": assessing.advise,
    "dpia_response": assessing.respond,
    "dpia_adopt": assessing.adopt,
    "agreement": agree,
    "contract": draft_contract,
    "sign": sign,
    "schedule": schedule,
    "compute": compute,
    "release": release,
}


def walk(journey: Journey, *, after: str | None = None, until: str = "release") -> Journey:
    """Takes every step after ``after`` up to and including ``until``, and measures each."""
    names = list(STEPS)
    for name in names[names.index(after) + 1 if after else 0 :]:
        journey.say(name)
        began = time.monotonic()
        STEPS[name](journey)
        journey.seconds[name] = round(time.monotonic() - began, 3)
        if name == until:
            break
    return journey


def _organisation(key: str) -> Organisation:
    return Organisation.objects.get(slug=key)
