"""What the partners tell everybody: words that each of them agreed to, and that go as soon as one no longer does."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

import audit
from accounts import roles
from accounts.models import Organisation, User
from audit import transitions
from collaborations.access import lock, short, written
from collaborations.lifecycle import SUMMARY
from collaborations.models import Summary, SummaryAgreement, UseCase
from station.contract.canonical import digest
from station.reasons import Refused

ENDED = ("draft", "rejected", "withdrawn")


@transaction.atomic
def propose_summary(
    *, use_case: UseCase, title_nl: str, title_en: str, text_nl: str, text_en: str, by: User, seen: int | None = None
) -> Summary:
    """New words for everybody to agree to. What is public stays until all agree to the new ones. ``seen``: the number
    of the newest summary when the form was opened."""
    use_case = lock(use_case)
    roles.require(by, "propose_use_case", use_case.proposer)
    if use_case.state in ENDED:
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    newest = use_case.summaries.first()
    number = newest.number if newest else 0
    if seen is not None and seen != number:
        raise Refused("summary.stale", number=number)
    words = {
        "title_nl": short(written(title_nl, "summary.words"), gettext("title in Dutch"), 200),
        "title_en": short(written(title_en, "summary.words"), gettext("title in English"), 200),
        "text_nl": short(written(text_nl, "summary.words"), gettext("text in Dutch"), 4_000),
        "text_en": short(written(text_en, "summary.words"), gettext("text in English"), 4_000),
    }
    for before in use_case.summaries.filter(state="proposed"):
        _move("supersede", before, by, use_case.proposer)
    made = Summary.objects.create(use_case=use_case, number=number + 1, by=by, sha256=digest(words), **words)
    _tell("summary.proposed", made, by, use_case.proposer)
    return made


@transaction.atomic
def agree_summary(*, summary: Summary, organisation: Organisation, sha256: str, by: User) -> Summary:
    """``sha256``: of the text that was read. The last partner to agree publishes it."""
    summary = _of_partner(summary, organisation, by)
    if summary.state not in ("proposed", "published"):
        raise Refused("lifecycle.state", state=str(summary.get_state_display()))
    if sha256 != summary.sha256 or not summary.intact:
        raise Refused("summary.other_text")
    if summary.agreements.filter(organisation=organisation).exists():
        raise Refused("summary.agreed_already", organisation=organisation.name)
    SummaryAgreement.objects.create(summary=summary, organisation=organisation, sha256=sha256, by=by)
    _tell("summary.agreed", summary, by, organisation)
    if summary.state == "proposed" and not transitions.missing(SUMMARY["publish"], summary):
        for before in summary.use_case.summaries.filter(state="published"):
            _move("supersede", before, audit.SYSTEM, None)
        _move("publish", summary, audit.SYSTEM, None)
    return summary


@transaction.atomic
def withdraw_summary(*, summary: Summary, organisation: Organisation, reason: str, by: User) -> Summary:
    """One partner is enough: the text is public no more, and stays in the timeline."""
    summary = _of_partner(summary, organisation, by)
    summary.reason = written(reason, "reason.needed")
    return _move("withdraw", summary, by, organisation, reason=summary.reason)


def _of_partner(summary: Summary, organisation: Organisation, by: User) -> Summary:
    """Locks the use case too, so that two partners who agree at once do not both believe to be the last but one."""
    use_case = lock(summary.use_case)
    roles.require(by, "join_use_case", organisation)
    if not use_case.joined().filter(organisation=organisation).exists():
        raise PermissionDenied("a partner that takes part")
    return lock(summary)


def _move(name: str, summary: Summary, by: User | str, organisation: Organisation | None, **facts: str) -> Summary:
    transitions.move(
        SUMMARY[name], summary, by=by, context=summary.use_case, organisation=organisation, number=summary.number,
        **facts,
    )  # fmt: skip
    return summary


def _tell(event: str, summary: Summary, by: User, organisation: Organisation) -> None:
    audit.record(
        event, by=by, about=summary, context=summary.use_case, organisation=organisation, number=summary.number,
        sha256=summary.sha256,
    )  # fmt: skip
