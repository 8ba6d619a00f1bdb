"""The record of processing of one organisation (art. 30 GDPR): drawn up from what is recorded already, nothing typed.

It says what specification, register, DPIA and agreements say today; the same number of questions to the database for
one use case as for a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from accounts import roles
from accounts.models import Organisation
from collaborations.models import Agreement, LegalBasis, Partner, SpecificationVersion, UseCase
from computations.specifying.words import DATA_CLASSES
from dpia.reading import words
from station import analyses
from station.specification import Specification

OPEN = ("exploring", "assessing", "authorised", "on_hold", "closed")
COLUMNS = (
    "use_case", "state", "purpose", "subjects", "data", "recipients", "retention", "measures", "joint", "dpo",
    "grounds", "assessment", "agreements",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One processing activity. Lists are what a cell of the page shows below each other."""

    case: UseCase
    use_case: str
    state: str
    purpose: str
    subjects: list[str]
    data: list[str]
    recipients: list[str]
    retention: list[str]
    measures: list[str]
    joint: list[str]
    dpo: list[str]
    grounds: list[str]
    assessment: str
    agreements: list[str]

    def cells(self) -> list[str]:
        """As one row of a table file."""
        values = (getattr(self, name) for name in COLUMNS)
        return [value if isinstance(value, str) else "; ".join(value) for value in values]


def record_of(organisation: Organisation) -> list[Entry]:
    """Every use case in which the organisation takes part and that is specified, the newest first."""
    taking_part = Partner.objects.parties().filter(organisation=organisation, state="joined").values("use_case")
    cases = list(
        UseCase.objects.filter(pk__in=taking_part, state__in=OPEN)
        .select_related("assessment")
        .prefetch_related(
            Prefetch(
                "collaboration__agreements", Agreement.objects.filter(state="in_force").prefetch_related("parties")
            )
        )
        .order_by("-created_at")
    )
    versions = SpecificationVersion.objects.filter(use_case__in=cases).order_by("use_case_id", "-number")
    newest = {version.use_case_id: version for version in versions.distinct("use_case_id")}
    bases = LegalBasis.objects.filter(
        partner__organisation=organisation, specification__in=newest.values(), state="approved"
    ).select_related("specification")
    dpo = data_protection_officers(organisation)
    return [
        _entry(
            case, newest[case.pk].read(), organisation, dpo,
            [row for row in bases if row.specification_id == newest[case.pk].pk],
        )
        for case in cases
        if case.pk in newest
    ]  # fmt: skip


def data_protection_officers(organisation: Organisation) -> list[str]:
    return [f"{person.full_name}, {person.email}" for person in organisation.holders(*roles.DPOS)]


def _entry(
    case: UseCase, spec: Specification, organisation: Organisation, dpo: list[str], bases: list[LegalBasis]
) -> Entry:
    names = {party.organisation: party.name for party in spec.parties}
    key = organisation.slug
    controllers = [
        p for p in spec.parties if p.capacity in ("controller", "joint_controller") and p.organisation != key
    ]
    agreed = [row for row in case.collaboration.agreements.all() if organisation in row.parties.all()]
    return Entry(
        case=case,
        use_case=case.title,
        state=str(case.get_state_display()),
        purpose=words(spec.purpose),
        subjects=_once(words(entry.subject_category) for entry in spec.inputs_of(key)),
        data=[
            f"{words(c.description)} ({DATA_CLASSES[c.data_class]})"
            for entry in spec.inputs_of(key)
            for c in entry.columns
        ],
        recipients=_once(names.get(who, who) for output in spec.outputs for who in output.recipients),
        retention=[f"{words(r.artefact)}: {r.days}" for r in spec.retention if r.holder == key],
        measures=measures(spec),
        joint=[party.name for party in controllers],
        dpo=dpo,
        grounds=_once(f"{row.get_operation_display()}: {row.get_ground_display()}: {row.cited}" for row in bases),
        assessment=str(case.assessment.get_state_display()) if case.assessment else "",
        agreements=[f"{row.title} ({row.get_kind_display()})" for row in agreed],
    )


def measures(spec: Specification) -> list[str]:
    """The technique, and what it lets out."""
    found = analyses.get(spec.analysis)
    computing = ", ".join(p.name for p in spec.parties if "computing_party" in p.party_roles)
    return [words(found.title), f"{spec.engine}: {computing}", f"k = {spec.disclosure.k}"]


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
