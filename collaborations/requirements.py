"""What must hold before a step of a lifecycle, each with the reason that a person understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.models import Mandate, User
from collaborations.intake import questions
from collaborations.models.grounds import QUESTIONS, fits
from station.contract.coverage import covers, kinds_touched
from station.contract.rules import specification_reasons
from station.reasons import Reason

if TYPE_CHECKING:
    from collaborations.models import LegalBasis, Partner, SharedAssessment, Summary, UseCase


def described(use_case: UseCase) -> Iterator[Reason]:
    """Title and summary are filled in."""
    if not use_case.title.strip() or not use_case.summary.strip():
        yield Reason("use_case.not_described")


def planned(use_case: UseCase) -> Iterator[Reason]:
    """It is said whom it helps, what it should bring, and how and when that is measured."""
    asked = [question for question in questions(use_case) if question.name not in ("title", "summary")]
    if still_open := [str(question.label) for question in asked if not question.answered]:
        yield Reason("use_case.open_questions", {"what": "; ".join(still_open)})


def partner_invited(use_case: UseCase) -> Iterator[Reason]:
    """At least one other organisation is invited that does more than advise."""
    others = [one for one in use_case.everybody() if one.organisation_id != use_case.proposer_id and not one.advises]
    if not any(one.state in ("invited", "joined") for one in others):
        yield Reason("use_case.nobody_invited")


def specified(use_case: UseCase) -> Iterator[Reason]:
    """There is a specification."""
    if use_case.specification is None:
        yield Reason("use_case.not_specified")


def specification_sound(use_case: UseCase) -> Iterator[Reason]:
    """The specification has no faults."""
    version = use_case.specification
    if version is not None:
        yield from specification_reasons(version.read())


def parties_joined(use_case: UseCase) -> Iterator[Reason]:
    """Every party of the specification has joined, and every partner that joined is a party or only advises."""
    version = use_case.specification
    if version is None:
        return
    joined = {one.organisation.slug for one in use_case.everybody() if one.state == "joined" and not one.advises}
    parties = {party.organisation for party in version.read().parties}
    for key in sorted(parties - joined):
        yield Reason("use_case.party_not_joined", {"organisation": key})
    for key in sorted(joined - parties):
        yield Reason("use_case.partner_no_party", {"organisation": key})


def contract_signed(use_case: UseCase) -> Iterator[Reason]:
    """Every station signed the contract."""
    if not use_case.contracts.filter(kind="contract", state="signed").exists():
        yield Reason("gate.not_signed")


def outcome_written(use_case: UseCase) -> Iterator[Reason]:
    """The outcome is written down."""
    if not use_case.outcome.strip():
        yield Reason("use_case.no_outcome")


def measured(use_case: UseCase) -> Iterator[Reason]:
    """The outcome is set against the planned measure, with an explanation unless it was reached."""
    if use_case.indicator and not use_case.reached:
        yield Reason("use_case.not_measured")
    if use_case.reached not in ("", "reached") and not use_case.explanation:
        yield Reason("use_case.not_explained")


def proposal_open(partner: Partner) -> Iterator[Reason]:
    """The use case is proposed, exploring or assessing."""
    if partner.use_case.state not in ("proposed", "exploring", "assessing"):
        yield Reason("partner.use_case_not_open", {"state": str(partner.use_case.get_state_display())})


def not_the_proposer(partner: Partner) -> Iterator[Reason]:
    """The proposer does not leave: it withdraws the use case."""
    if partner.organisation_id == partner.use_case.proposer_id:
        yield Reason("partner.proposer_leaves")


def summary_agreed(summary: Summary) -> Iterator[Reason]:
    """Every partner that takes part agreed to exactly this text."""
    agreed = set(summary.agreements.filter(sha256=summary.sha256).values_list("organisation", flat=True))
    for partner in summary.use_case.joined():
        if partner.organisation_id not in agreed:
            yield Reason("summary.not_agreed", {"organisation": partner.organisation.name})


def sharing_agreed(shared: SharedAssessment) -> Iterator[Reason]:
    """The mandated manager of every controller agreed to exactly this."""
    for organisation in shared.missing():
        yield Reason("sharing.not_agreed", {"organisation": organisation.name})


def basis_open(basis: LegalBasis) -> Iterator[Reason]:
    """The use case is explored, assessed or authorised, and the partner takes part as more than an adviser."""
    use_case, partner = basis.partner.use_case, basis.partner
    if use_case.state not in ("exploring", "assessing", "authorised"):
        yield Reason("basis.not_now", {"state": str(use_case.get_state_display())})
    if partner.state != "joined":
        yield Reason("partner.not_joined", {"organisation": partner.organisation.name})
    if partner.advises:
        yield Reason("partner.advises", {"organisation": partner.organisation.name})


def ground_open(basis: LegalBasis) -> Iterator[Reason]:
    """A public body does not rest on legitimate interest (art. 6(1)(f) GDPR), and ground and regime fit."""
    if basis.ground == "6.1.f" and basis.partner.organisation.kind == "public":
        yield Reason("basis.legitimate_interest")
    if not fits(basis.regime, basis.ground):
        yield Reason("basis.ground_regime")


def grounds_complete(basis: LegalBasis) -> Iterator[Reason]:
    """What the data of this operation ask for beside a ground, and what was begun, is there."""
    for kind in sorted(kinds_touched(basis.specification.read(), basis.partner.organisation.slug, basis.operation)):
        if not covers(basis, kind):
            yield Reason(f"basis.{kind}_needed")
    if basis.secrecy in ("lifted", "untraceable") and not basis.secrecy_provision:
        yield Reason("basis.secrecy_provision")
    if basis.secrecy == "lifted" and not basis.secrecy_lifted_by:
        yield Reason("basis.secrecy_lifted_by")
    if basis.further_use in ("allowed", "tested") and not basis.collected_for:
        yield Reason("basis.collected_for")
    open_questions = [str(label) for key, label in QUESTIONS.items() if not basis.compatibility.get(key)]
    if basis.further_use == "tested" and open_questions:
        yield Reason("basis.compatibility_open", {"questions": "; ".join(open_questions)})


def basis_current(basis: LegalBasis) -> Iterator[Reason]:
    """The row is about the current specification and its validity has not ended."""
    version = basis.partner.use_case.specification
    if version is None or basis.specification_id != version.pk:
        yield Reason("basis.other_specification")
    yield from validity_left(basis)


def validity_left(basis: LegalBasis) -> Iterator[Reason]:
    """The validity of the row has not ended."""
    if basis.valid_to < timezone.localdate():
        yield Reason("basis.ended", {"valid_to": basis.valid_to.isoformat()})


def validity_over(basis: LegalBasis) -> Iterator[Reason]:
    """The validity of the row has ended."""
    if basis.valid_to >= timezone.localdate():
        yield Reason("basis.not_ended", {"valid_to": basis.valid_to.isoformat()})


def personal(step: str, basis: LegalBasis, user: User) -> Iterator[Reason]:
    """What keeps just this person from a step: four eyes, and no mandate to bind the organisation today."""
    organisation, wrote = basis.partner.organisation, basis.authors.filter(pk=user.pk).exists()
    if step == "advise" and wrote:
        yield Reason("four_eyes.drafter_advises")
    if step == "approve" and (wrote or user.pk in (basis.drafted_by_id, basis.advised_by_id)):
        yield Reason("four_eyes.drafter_approves")
    mandate = Mandate.objects.in_force(organisation, user, timezone.localdate())
    if step in ("approve", "resume") and mandate is None:
        yield Reason("mandate.none", {"organisation": organisation.name})
