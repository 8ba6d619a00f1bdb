"""A crowded platform, made up and seeded: so many organisations, people and use cases that a slow page shows itself.

What the measured pages read is real rows: partners, invitations, specifications, legal bases with validities, events.
Deeper states (an adopted DPIA, signatures) come from ``bin/demo``, not from here: there are few of them at a time.
"""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone
from guardian.models import UserObjectPermission

from accounts import roles
from accounts.models import Mandate, Membership, Organisation, RoleHeld, User
from audit.models import Event
from collaborations.models import Call, Collaboration, Contract, LegalBasis, Partner, SpecificationVersion, UseCase
from demo import examples
from station.contract.canonical import digest

STATES = {"draft": 1, "proposed": 2, "exploring": 4, "on_hold": 1, "closed": 1, "rejected": 1}
"""State to its share of ten."""
ROLES = ("innovation_manager", "drafter", "dpo", "lawyer", "mandated_manager")
WORDS = [
    "schulden", "energie", "wonen", "zorg", "jeugd", "inkomen", "toeslagen", "ondernemers",
    "failliet", "armoede", "werk", "uitkering", "gemeente", "justitie", "recidive", "pensioen",
    "leerlingen", "vervoer", "bijstand", "wachtlijst", "preventie", "vroegsignalering", "huishouden", "regeling",
]  # fmt: skip


@dataclass(frozen=True)
class Size:
    organisations: int = 500
    people: int = 5_000
    use_cases: int = 10_000


def fill(size: Size, *, seed: int = 1) -> User:
    """Fills an empty database; returns an innovation manager who sees an average number of use cases."""
    chance = random.Random(seed)
    organisations = Organisation.objects.bulk_create(
        Organisation(slug=f"org-{n}", name=f"Organisatie {n} (verzonnen)", kind="public")
        for n in range(size.organisations)
    )
    people = User.objects.bulk_create(
        User(email=f"person-{n}@org.example", full_name=f"Persoon {n}") for n in range(size.people)
    )
    memberships = Membership.objects.bulk_create(
        Membership(user=person, organisation=organisations[n % len(organisations)]) for n, person in enumerate(people)
    )
    _roles(memberships)
    _use_cases(size, organisations, people, chance)
    return people[0]


def _roles(memberships: list[Membership]) -> None:
    held = [(m, ROLES[(n // 500) % len(ROLES)]) for n, m in enumerate(memberships)]
    RoleHeld.objects.bulk_create(RoleHeld(membership=membership, role=role) for membership, role in held)
    known = {p.codename: p for p in Permission.objects.filter(content_type__app_label="accounts")}
    UserObjectPermission.objects.bulk_create(
        UserObjectPermission(
            user=membership.user, permission=known[name], content_type=known[name].content_type,
            object_pk=str(membership.organisation_id),
        )
        for membership, role in held
        for name in roles.ROLES[role].permissions
    )  # fmt: skip


def _use_cases(size: Size, organisations: list[Organisation], people: list[User], chance: random.Random) -> None:
    now = timezone.now()
    states = [state for state, share in STATES.items() for _ in range(share)]
    groups = Collaboration.objects.bulk_create(Collaboration(name=f"Samenwerking {n}") for n in range(size.use_cases))
    made, partners = [], []
    for n, group in enumerate(groups):
        involved = chance.sample(range(len(organisations)), 3)
        moment = now - timedelta(minutes=chance.randrange(500_000))
        use_case = UseCase(
            collaboration=group, proposer=organisations[involved[0]], proposed_by=people[involved[0]],
            title=" ".join(chance.sample(WORDS, 4)).capitalize(), summary=" ".join(chance.choices(WORDS, k=60)),
            theme="", state=states[n % len(states)], state_since=moment, created_at=moment,
        )  # fmt: skip
        made.append(use_case)
        partners += [
            Partner(
                use_case=use_case, organisation=organisations[key], capacity="joint_controller", state_since=moment,
                state="joined" if place == 0 or use_case.state != "proposed" else "invited",
            )
            for place, key in enumerate(involved)
        ]  # fmt: skip
    UseCase.objects.bulk_create(made, batch_size=1_000)
    Partner.objects.bulk_create(partners, batch_size=1_000)
    _specified(partners, people)
    _calls(made, people)
    kind = UseCase._meta.label_lower
    Event.objects.bulk_create(
        (
            Event(
                type="use_case.proposed", actor_type="accounts.user", actor_id=str(use_case.proposed_by_id),
                about_type=kind, about_id=str(use_case.pk), context_type=kind, context_id=str(use_case.pk),
                organisation_key=use_case.proposer.slug,
            )
            for use_case in made
            for _ in range(3)
        ),
        batch_size=2_000,
    )  # fmt: skip


def _calls(use_cases: list[UseCase], people: list[User]) -> None:
    """One of ten of those that are being explored looks for somebody."""
    looking = [one for one in use_cases if one.state == "exploring"][::10]
    until = timezone.localdate() + timedelta(days=60)
    Call.objects.bulk_create(
        Call(use_case=one, organisation=one.proposer, wanted=f"Wie heeft gegevens over {one.title.lower()}?",
             why=one.summary, theme=one.theme, until=until, by=people[0])
        for one in looking
    )  # fmt: skip


def _specified(partners: list[Partner], people: list[User]) -> None:
    """A specification for every second use case that is being explored, and a row of the register per partner."""
    document = json.dumps(_specification())
    versions, bases = [], []
    for first in range(0, len(partners), 3):
        three = partners[first : first + 3]
        use_case = three[0].use_case
        if use_case.state != "exploring" or (first // 3) % 2:
            continue
        data = json.loads(document)
        version = SpecificationVersion(use_case=use_case, number=1, data=data, sha256=digest(data), by=people[0])
        versions.append(version)
        bases += [_basis(partner, version, people[first % len(people)], first) for partner in three]
    SpecificationVersion.objects.bulk_create(versions, batch_size=500)
    LegalBasis.objects.bulk_create(bases, batch_size=1_000)


def ending(rows: int) -> None:
    """So many approved rows that ended yesterday, four in each use case, which all rest on a signed contract."""
    (by, advises, approves), organisations = User.objects.order_by("pk")[:3], Organisation.objects.order_by("pk")[:4]
    group, document = Collaboration.objects.create(name="Eindigt (verzonnen)"), _specification()
    base = {"collaboration": group, "proposer": organisations[0], "proposed_by": by, "state": "authorised"}
    made = UseCase.objects.bulk_create(UseCase(title=f"Eindigt {n}", summary="-", **base) for n in range(rows // 4))
    partners = Partner.objects.bulk_create(
        Partner(use_case=use_case, organisation=organisation, capacity="joint_controller", state="joined")
        for use_case in made
        for organisation in organisations
    )
    versions = SpecificationVersion.objects.bulk_create(
        (SpecificationVersion(use_case=one, number=1, data=document, sha256=digest(document), by=by) for one in made),
        batch_size=500,
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    days = {"valid_from": yesterday - timedelta(days=99), "valid_to": yesterday}
    mandate = Mandate.objects.create(
        organisation=organisations[0], holder=approves, function="-", reference="-", **days
    )
    ended = {"state": "approved", "advised_by": advises, "approved_by": approves, "mandate": mandate, **days}
    bases = (_basis(partner, versions[n // 4], by, n, **ended) for n, partner in enumerate(partners))
    LegalBasis.objects.bulk_create(bases, batch_size=1_000)
    contract = {"kind": "contract", "data": "{}", "keys": [], "state": "signed", "drafted_by": by}
    Contract.objects.bulk_create(
        Contract(use_case=one, sha256=digest(str(one.pk)), code=f"{n:08}", **contract) for n, one in enumerate(made)
    )


def _specification() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        plan = examples.get("kvk").plan(Path(folder), timezone.localdate())
    return json.loads(plan.specification.model_dump_json(by_alias=True))


def _basis(partner: Partner, version: SpecificationVersion, by: User, number: int, **fields: Any) -> LegalBasis:
    today = timezone.localdate()
    plain = {
        "purpose": "verzonnen doel", "data_category": "financial", "operation": "contribute", "regime": "gdpr",
        "ground": "6.1.e", "provision": "verzonnen", "law_id": "BWBR0000000", "article": str(number),
        "valid_from": today - timedelta(days=300), "valid_to": today + timedelta(days=number % 400), "drafted_by": by,
    }  # fmt: skip
    return LegalBasis(partner=partner, specification=version, **plain | fields)
