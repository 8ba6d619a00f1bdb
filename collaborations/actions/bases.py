"""Legal bases: the drafter writes, the DPO advises, the partner's own mandated manager approves."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

import audit
from accounts.actions import mandate_today
from accounts.models import User
from audit import transitions
from collaborations.access import lock, require_any, short, written
from collaborations.actions.basis_papers import keep_papers
from collaborations.actions.basis_text import BasisText, checked, checked_citations, cite, mark_of, text_of
from collaborations.facts import facts_document
from collaborations.lifecycle import BASIS, IN_PROGRESS
from collaborations.models import LegalBasis, Partner, SpecificationVersion, UseCase
from collaborations.requirements import basis_open, personal
from dpia import actions as dpia
from dpia.models import Advice
from station.reasons import Refused


@transaction.atomic
def draft_basis(*, partner: Partner, text: BasisText, by: User) -> LegalBasis:
    """A new row of a partner, about the current specification."""
    partner = lock(partner)
    require_any(by, BASIS["submit"], partner.organisation)
    version = partner.use_case.specification
    if version is None or partner.use_case.state not in ("exploring", "assessing"):
        raise Refused("basis.not_now", state=str(partner.use_case.get_state_display()))
    if partner.state != "joined":
        raise Refused("partner.not_joined", organisation=partner.organisation.name)
    if partner.advises:
        raise Refused("partner.advises", organisation=partner.organisation.name)
    _check_counterpart(partner, text)
    cited = checked_citations(text)
    basis = LegalBasis.objects.create(partner=partner, specification=version, drafted_by=by, **checked(text))
    cite(basis, cited)
    basis.authors.add(by)
    _record("basis.drafted", basis, by)
    return basis


@transaction.atomic
def edit_basis(*, basis: LegalBasis, text: BasisText, by: User, seen: str | None = None) -> LegalBasis:
    """Changes a draft. Everybody who ever wrote in it is an author; earlier advice was about another text.

    ``seen``: the mark of the text that this person had in front of them; refused when it changed since.
    """
    basis = lock(basis)
    require_any(by, BASIS["submit"], basis.partner.organisation)
    if basis.state != "draft":
        raise Refused("lifecycle.state", state=str(basis.get_state_display()))
    if seen is not None and seen != mark_of(basis):
        raise Refused("basis.changed_meanwhile", who=basis.drafted_by.full_name)
    _check_counterpart(basis.partner, text)
    values, cited = checked(text), checked_citations(text)
    for name, value in values.items():
        setattr(basis, name, value)
    basis.drafted_by = by
    _forget_advice(basis)
    basis.save()
    cite(basis, cited)
    basis.authors.add(by)
    _record("basis.edited", basis, by)
    return basis


@transaction.atomic
def submit_basis(*, basis: LegalBasis, by: User) -> LegalBasis:
    """Hands the draft to the partner's DPO."""
    basis = _locked("submit", basis, by)
    basis.reason = ""
    return _move("submit", basis, by)


@transaction.atomic
def advise_basis(*, basis: LegalBasis, verdict: str, by: User, text: str = "") -> LegalBasis:
    """The DPO's advice; a negative or conditional one says why. Its words stay in the event, whatever follows."""
    basis = _locked("advise", basis, by)
    if verdict not in dict(Advice.VERDICTS):
        raise Refused("advice.verdict")
    basis.advised_by, basis.advice_verdict = by, verdict
    basis.advice = short(text) if verdict in ("positive", "refrained") else written(text, "advice.text")
    return _move("advise", basis, by, verdict=verdict, reason=basis.advice)


@transaction.atomic
def approve_basis(*, basis: LegalBasis, by: User, reasons: str = "") -> LegalBasis:
    """The organisation's own decision, under a mandate in force. Going against the DPO's advice takes reasons."""
    basis = _locked("approve", basis, by)
    against = basis.advice_verdict in ("negative", "conditional")
    basis.approval_reasons = written(reasons, "advice.explain") if against else short(reasons)
    basis.mandate = mandate_today(by, basis.partner.organisation)
    basis.approved_by, basis.approved_on = by, timezone.localdate()
    basis = _move("approve", basis, by, function=basis.mandate.function, reason=basis.approval_reasons)
    if basis.replaces is not None and basis.replaces.state in BASIS["supersede"].sources:
        _move("supersede", lock(basis.replaces), by)
    return basis


@transaction.atomic
def send_back_basis(*, basis: LegalBasis, reason: str, by: User) -> LegalBasis:
    return _reasoned("send_back", basis, reason, by)


@transaction.atomic
def suspend_basis(*, basis: LegalBasis, reason: str, by: User) -> LegalBasis:
    """Stops future runs at once; the run gate sees it at the next step of running ones."""
    return _reasoned("suspend", basis, reason, by)


@transaction.atomic
def resume_basis(*, basis: LegalBasis, reason: str, by: User) -> LegalBasis:
    """Binds the organisation again, so it takes a mandate in force, like approving."""
    return _reasoned("resume", basis, reason, by)


@transaction.atomic
def withdraw_basis(*, basis: LegalBasis, reason: str, by: User) -> LegalBasis:
    """For good. What was not approved yet, its drafter can withdraw too."""
    return _reasoned("drop" if basis.state in IN_PROGRESS else "withdraw", basis, reason, by)


@transaction.atomic
def record_lapsed_basis(*, basis: LegalBasis, by: User, reason: str = "") -> LegalBasis:
    """For the record: a law that held once and no longer does. Nobody approves it and nothing ever runs on it."""
    basis = _locked("record_lapsed", basis, by)
    basis.reason = short(reason)
    return _move("record_lapsed", basis, by, **({"reason": basis.reason} if basis.reason else {}))


@transaction.atomic
def revise_basis(*, basis: LegalBasis, text: BasisText, by: User) -> LegalBasis:
    """A next version of a decided row. The old one holds until the new one is approved."""
    basis = lock(basis)
    require_any(by, BASIS["submit"], basis.partner.organisation)
    if basis.state not in ("approved", "suspended", "expired"):
        raise Refused("lifecycle.state", state=str(basis.get_state_display()))
    use_case = basis.partner.use_case
    reasons = list(basis_open(basis))
    if reasons:
        raise Refused(*reasons)
    if LegalBasis.objects.replacing(basis).exists():
        raise Refused("basis.revised_already")
    _check_counterpart(basis.partner, text)
    made = _next_version(basis, use_case.specification or basis.specification, by, text)
    made.authors.add(by)
    _record("basis.drafted", made, by)
    return made


def respecify(use_case: UseCase, version: SpecificationVersion, *, by: User) -> None:
    """After a new specification every row starts again as a draft; decided rows stay, as superseded versions."""
    rows = LegalBasis.objects.select_for_update().filter(partner__use_case=use_case).exclude(specification=version)
    for row in rows:
        if row.state in IN_PROGRESS:
            row.specification = version
            _forget_advice(row)
            _move("respecify", row, by)
        elif row.state in BASIS["supersede"].sources:
            if not LegalBasis.objects.replacing(row).exists():
                _carry_over(row, version, by)
            _move("supersede", row, by)


def _carry_over(row: LegalBasis, version: SpecificationVersion, by: User) -> None:
    """The same words, about another specification; whoever wrote them wrote these too."""
    made = _next_version(row, version, row.drafted_by, text_of(row))
    made.authors.set(row.authors.all())
    _record("basis.carried_over", made, by)


def _next_version(basis: LegalBasis, version: SpecificationVersion, drafter: User, text: BasisText) -> LegalBasis:
    newest = basis.replacements.aggregate(newest=Max("version"))["newest"] or basis.version
    values, cited = checked(text), checked_citations(text)
    made = LegalBasis.objects.create(
        partner=basis.partner, version=newest + 1, replaces=basis, specification=version, drafted_by=drafter, **values
    )
    cite(made, cited)
    keep_papers(basis, made)
    return made


def _check_counterpart(partner: Partner, text: BasisText) -> None:
    """The other side is another partner of the use case; no side stands opposite itself."""
    if text.side in ("", "own") and text.counterpart:
        raise Refused("basis.no_counterpart")
    others = partner.use_case.parties().exclude(pk=partner.pk)
    if text.counterpart and not others.filter(organisation__slug=text.counterpart).exists():
        raise Refused("basis.counterpart")


def _forget_advice(basis: LegalBasis) -> None:
    basis.advised_by, basis.advice_verdict, basis.advice = None, "", ""


def _locked(name: str, basis: LegalBasis, by: User) -> LegalBasis:
    """The row, when this person may take the step now."""
    basis = lock(basis)
    require_any(by, BASIS[name], basis.partner.organisation)
    transitions.check(BASIS[name], basis)
    reasons = list(personal(name, basis, by))
    if reasons:
        raise Refused(*reasons)
    return basis


def _reasoned(name: str, basis: LegalBasis, reason: str, by: User) -> LegalBasis:
    basis = _locked(name, basis, by)
    basis.reason = written(reason, "reason.needed")
    return _move(name, basis, by, reason=basis.reason)


def _move(name: str, basis: LegalBasis, by: User | str, **facts: Any) -> LegalBasis:
    transitions.move(
        BASIS[name], basis, by=by, context=basis.partner.use_case, organisation=basis.partner.organisation,
        law=basis.law_id, article=basis.article, **facts,
    )  # fmt: skip
    refresh_facts(basis.partner.use_case, by)
    return basis


def _record(event: str, basis: LegalBasis, by: User) -> None:
    audit.record(
        event, by=by, about=basis, context=basis.partner.use_case, organisation=basis.partner.organisation,
        law=basis.law_id, article=basis.article,
    )  # fmt: skip
    refresh_facts(basis.partner.use_case, by)


def refresh_facts(use_case: UseCase, by: User | str) -> None:
    """A DPIA that is still a draft shows the bases as they are now."""
    if use_case.assessment is not None and use_case.assessment.state == "draft":
        dpia.bind_facts(assessment=use_case.assessment, facts=facts_document(use_case), by=by)
