"""Legal bases: the drafter writes, the DPO advises, the partner's own mandated manager approves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

import audit
from accounts.actions import mandate_today
from accounts.models import User
from audit import transitions
from collaborations.access import lock, require_any, written
from collaborations.facts import facts_document
from collaborations.lifecycle import BASIS, IN_PROGRESS
from collaborations.models import LegalBasis, Partner, SpecificationVersion, UseCase
from dpia import actions as dpia
from station.reasons import Refused


@dataclass(frozen=True)
class BasisText:
    """What a row says. The citation is the partner's own; nothing here checks the law."""

    purpose: str
    data_category: str
    operation: str
    regime: str
    ground: str
    provision: str
    law_id: str
    article: str
    valid_from: date
    valid_to: date


ADVICE = ("positive", "conditional", "negative", "refrained")


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
    basis = LegalBasis.objects.create(partner=partner, specification=version, drafted_by=by, **_checked(text))
    _record("basis.drafted", basis, by)
    return basis


@transaction.atomic
def edit_basis(*, basis: LegalBasis, text: BasisText, by: User) -> LegalBasis:
    """Changes a draft; whoever changes it last is its drafter."""
    basis = lock(basis)
    require_any(by, BASIS["submit"], basis.partner.organisation)
    if basis.state != "draft":
        raise Refused("lifecycle.state", state=str(basis.get_state_display()))
    for name, value in _checked(text).items():
        setattr(basis, name, value)
    basis.drafted_by, basis.advised_by = by, None
    basis.save()
    _record("basis.edited", basis, by)
    return basis


@transaction.atomic
def submit_basis(*, basis: LegalBasis, by: User) -> LegalBasis:
    """Hands the draft to the partner's DPO."""
    return _step("submit", basis, by)


@transaction.atomic
def advise_basis(*, basis: LegalBasis, verdict: str, by: User, text: str = "") -> LegalBasis:
    """The DPO's advice; a negative or conditional one says why."""
    basis = lock(basis)
    if verdict not in ADVICE:
        raise Refused("advice.verdict")
    if basis.drafted_by == by:
        raise Refused("four_eyes.drafter_advises")
    basis.advised_by, basis.advice_verdict = by, verdict
    basis.advice = text.strip() if verdict in ("positive", "refrained") else written(text, "advice.text")
    return _step("advise", basis, by, locked=True, verdict=verdict)


@transaction.atomic
def approve_basis(*, basis: LegalBasis, by: User, reasons: str = "") -> LegalBasis:
    """The organisation's own decision, under a mandate in force. Going against the DPO's advice takes reasons."""
    basis = lock(basis)
    require_any(by, BASIS["approve"], basis.partner.organisation)
    mandate = mandate_today(by, basis.partner.organisation)
    if by in (basis.drafted_by, basis.advised_by):
        raise Refused("four_eyes.drafter_approves")
    if basis.advice_verdict in ("negative", "conditional"):
        basis.reason = written(reasons, "advice.explain")
    basis.approved_by, basis.approved_on, basis.mandate = by, timezone.localdate(), mandate
    basis = _step("approve", basis, by, locked=True)
    if basis.replaces is not None and basis.replaces.state in BASIS["supersede"].sources:
        _move("supersede", lock(basis.replaces), by)
    return basis


@transaction.atomic
def send_back_basis(*, basis: LegalBasis, reason: str, by: User) -> LegalBasis:
    return _step("send_back", basis, by, reason=written(reason, "reason.needed"))


@transaction.atomic
def suspend_basis(*, basis: LegalBasis, reason: str, by: User) -> LegalBasis:
    """Stops future runs at once; the run gate sees it at the next step of running ones."""
    return _step("suspend", basis, by, reason=written(reason, "reason.needed"))


@transaction.atomic
def resume_basis(*, basis: LegalBasis, by: User) -> LegalBasis:
    return _step("resume", basis, by)


@transaction.atomic
def withdraw_basis(*, basis: LegalBasis, reason: str, by: User) -> LegalBasis:
    return _step("withdraw", basis, by, reason=written(reason, "reason.needed"))


@transaction.atomic
def revise_basis(*, basis: LegalBasis, text: BasisText, by: User) -> LegalBasis:
    """A next version of a decided row. The old one holds until the new one is approved."""
    basis = lock(basis)
    require_any(by, BASIS["submit"], basis.partner.organisation)
    if basis.state not in ("approved", "suspended", "expired"):
        raise Refused("lifecycle.state", state=str(basis.get_state_display()))
    if LegalBasis.objects.filter(replaces=basis).exists():
        raise Refused("basis.revised_already")
    version = basis.partner.use_case.specification or basis.specification
    return _next_version(basis, version, by, _checked(text))


def respecify(use_case: UseCase, version: SpecificationVersion, *, by: User) -> None:
    """After a new specification every row starts again as a draft; decided rows stay, as superseded versions."""
    rows = LegalBasis.objects.select_for_update().filter(partner__use_case=use_case).exclude(specification=version)
    for row in rows:
        if row.state in IN_PROGRESS:
            row.specification, row.advised_by, row.advice_verdict, row.advice = version, None, "", ""
            _move("respecify", row, by)
        elif row.state in BASIS["supersede"].sources:
            if not LegalBasis.objects.filter(replaces=row).exists():
                _next_version(row, version, row.drafted_by, _text_of(row))
            _move("supersede", row, by)


@transaction.atomic
def expire_bases(*, day: date) -> int:
    """Marks approved rows whose validity ended before ``day``; the gate does not wait for this. Says how many."""
    ended = LegalBasis.objects.select_for_update().filter(state="approved", valid_to__lt=day)
    for basis in list(ended):
        _move("expire", basis, audit.SYSTEM, valid_to=basis.valid_to.isoformat())
    return len(ended)


def _next_version(basis: LegalBasis, version: SpecificationVersion, by: User, text: dict[str, Any]) -> LegalBasis:
    made = LegalBasis.objects.create(
        partner=basis.partner, version=basis.version + 1, replaces=basis, specification=version, drafted_by=by, **text
    )
    _record("basis.drafted", made, by)
    return made


def _text_of(basis: LegalBasis) -> dict[str, Any]:
    return {name: getattr(basis, name) for name in BasisText.__dataclass_fields__}


def _checked(text: BasisText) -> dict[str, Any]:
    """The fields of a row, or a refusal that names what is missing or wrong."""
    values = {name: getattr(text, name) for name in BasisText.__dataclass_fields__}
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = written(value, "basis.incomplete", field=name)
    for name, choices in (
        ("operation", LegalBasis.OPERATIONS),
        ("regime", LegalBasis.REGIMES),
        ("ground", LegalBasis.GROUNDS),
    ):
        if values[name] not in dict(choices):
            raise Refused("basis.choice", field=name)
    for name in ("data_category", "law_id", "article"):
        limit = LegalBasis._meta.get_field(name).max_length or 0
        if len(values[name]) > limit:
            raise Refused("text.too_long", field=name, limit=limit)
    if text.valid_to < text.valid_from:
        raise Refused("dates.end_before_begin", begin=text.valid_from.isoformat(), end=text.valid_to.isoformat())
    return values


def _step(name: str, basis: LegalBasis, by: User, *, locked: bool = False, **facts: Any) -> LegalBasis:
    basis = basis if locked else lock(basis)
    require_any(by, BASIS[name], basis.partner.organisation)
    if "reason" in facts:
        basis.reason = facts["reason"]
    return _move(name, basis, by, **facts)


def _move(name: str, basis: LegalBasis, by: User | str, **facts: Any) -> LegalBasis:
    transitions.move(
        BASIS[name], basis, by=by, context=basis.partner.use_case, organisation=basis.partner.organisation,
        law=basis.law_id, article=basis.article, **facts,
    )  # fmt: skip
    _refresh_facts(basis.partner.use_case, by)
    return basis


def _record(event: str, basis: LegalBasis, by: User) -> None:
    audit.record(
        event, by=by, about=basis, context=basis.partner.use_case, organisation=basis.partner.organisation,
        law=basis.law_id, article=basis.article,
    )  # fmt: skip
    _refresh_facts(basis.partner.use_case, by)


def _refresh_facts(use_case: UseCase, by: User | str) -> None:
    """A DPIA that is still a draft shows the bases as they are now."""
    if use_case.assessment is not None and use_case.assessment.state == "draft":
        dpia.bind_facts(assessment=use_case.assessment, facts=facts_document(use_case), by=by)
