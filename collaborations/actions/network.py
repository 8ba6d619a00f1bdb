"""Calls for partners: publishing one, answering it, deciding about answers; and interest without commitment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

import audit
from accounts import roles
from accounts.models import Organisation, User
from audit import transitions
from collaborations.access import acting, lock, short, written
from collaborations.actions.partners import OPEN, invite_partner
from collaborations.lifecycle import CALL, CALL_ANSWER
from collaborations.models import Call, CallAnswer, Interest, Partner, Summary, UseCase
from collaborations.models.network import KEPT
from station.reasons import Refused

LONGEST_RUN = timedelta(days=365)
MOST_OPEN = 5
"""Calls of one use case that are open at the same time; beyond that nobody reads them."""


@transaction.atomic
def publish_call(*, use_case: UseCase, wanted: str, why: str, until: date, by: User) -> Call:
    """Tells all organisations on the platform what is looked for; nothing else of the use case shows."""
    use_case = lock(use_case)
    organisation = acting(by, "propose_use_case", use_case)
    if use_case.state not in OPEN:
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    today = timezone.localdate()
    if not today <= until <= today + LONGEST_RUN:
        last = today + LONGEST_RUN
        raise Refused("call.until", until=until.isoformat(), first=today.isoformat(), last=last.isoformat())
    if Call.objects.open(today).filter(use_case=use_case).count() >= MOST_OPEN:
        raise Refused("call.too_many", most=MOST_OPEN)
    call = Call.objects.create(
        use_case=use_case, organisation=organisation, theme=use_case.theme, until=until, by=by,
        wanted=short(written(wanted, "call.wanted"), gettext("looking for"), 200),
        why=short(written(why, "call.why"), gettext("why"), 4_000),
    )  # fmt: skip
    audit.record(
        "call.published", by=by, about=call, context=use_case, organisation=organisation, wanted=call.wanted,
        until=until.isoformat(),
    )  # fmt: skip
    return call


@transaction.atomic
def close_call(*, call: Call, by: User) -> Call:
    """Nobody can answer any more; answers that wait can still be decided."""
    call = lock(call)
    organisation = _of_call(call, by)
    transitions.move(
        CALL["close"], call, by=by, context=call.use_case, organisation=organisation, wanted=call.wanted
    )  # fmt: skip
    return call


@transaction.atomic
def answer_call(*, call: Call, organisation: Organisation, text: str, contact: str, by: User) -> CallAnswer:
    """Another organisation offers itself; one answer at a time."""
    roles.require(by, "join_use_case", organisation)
    call = lock(call)
    _require_open(call)
    _require_outside(call.use_case, organisation)
    if call.answers.filter(organisation=organisation, state__in=["offered", "accepted"]).exists():
        raise Refused("call.answered", organisation=organisation.name)
    answer = CallAnswer.objects.create(
        call=call, organisation=organisation, by=by,
        text=short(written(text, "call.no_text"), gettext("what you offer"), 4_000),
        contact=short(written(contact, "call.no_contact"), gettext("whom to reach"), 300),
    )  # fmt: skip
    audit.record(
        "call.answered", by=by, about=answer, context=call.use_case, organisation=organisation, wanted=call.wanted
    )
    return answer


@transaction.atomic
def accept_answer(*, answer: CallAnswer, by: User, capacity: str = "joint_controller") -> Partner:
    """Becomes an invitation, which the other organisation still accepts or declines itself."""
    answer = _decided("accept", answer, by)
    return invite_partner(use_case=answer.call.use_case, organisation=answer.organisation, capacity=capacity, by=by)


@transaction.atomic
def decline_answer(*, answer: CallAnswer, reason: str, by: User) -> CallAnswer:
    """The organisation that answered reads the reason."""
    return _decided("decline", answer, by, written(reason, "reason.needed"))


@transaction.atomic
def withdraw_answer(*, call: Call, organisation: Organisation, by: User) -> CallAnswer:
    """Whoever offered takes it back before it is decided."""
    roles.require(by, "join_use_case", organisation)
    found = call.answers.filter(organisation=organisation, state="offered").first()
    if found is None:
        raise Refused("call.nothing_offered", organisation=organisation.name)
    return _moved("withdraw", lock(found), by, organisation)


@transaction.atomic
def mark_interest(*, organisation: Organisation, by: User, call: Call | None = None,
                  summary: Summary | None = None) -> Interest:  # fmt: skip
    """Says that the organisation wants to hear more; binds to nothing. Twice is once."""
    roles.require(by, "join_use_case", organisation)
    use_case = _interesting(call, summary)
    _require_outside(use_case, organisation)
    interest, made = Interest.objects.get_or_create(
        organisation=organisation, use_case=use_case, call=call, defaults={"by": by}
    )
    if made:
        audit.record("interest.marked", by=by, about=interest, context=use_case, organisation=organisation)
    return interest


@transaction.atomic
def take_back_interest(*, organisation: Organisation, by: User, call: Call | None = None,
                       use_case: UseCase | None = None) -> None:  # fmt: skip
    roles.require(by, "join_use_case", organisation)
    about = call.use_case if call else use_case
    found = Interest.objects.select_for_update().filter(organisation=organisation, use_case=about, call=call).first()
    if found is None:
        raise Refused("interest.none", organisation=organisation.name)
    audit.record("interest.taken_back", by=by, about=found, context=about, organisation=organisation)
    found.delete()


@transaction.atomic
def forget_contacts(*, moment: datetime) -> int:
    """Answers nobody decided about keep their contact for ``KEPT`` after the call's last day. Says how many."""
    ended = (moment - KEPT).date()
    found = CallAnswer.objects.exclude(contact="").filter(call__until__lt=ended).select_for_update(of=("self",))
    rows = list(found.select_related("call__use_case", "organisation"))
    CallAnswer.objects.filter(pk__in=[row.pk for row in rows]).update(contact="")
    audit.record_all("call.contact_removed", ((row, row.call.use_case, row.organisation, {}) for row in rows))
    return len(rows)


def _interesting(call: Call | None, summary: Summary | None) -> UseCase:
    """What can be of interest to somebody outside: an open call, or a use case with a public summary."""
    if call is not None:
        _require_open(call)
        return call.use_case
    if summary is None or not Summary.objects.public().filter(pk=summary.pk).exists():
        raise Refused("summary.not_public")
    return summary.use_case


def _require_open(call: Call) -> None:
    if call.shown_state != "open":
        raise Refused("call.ended", wanted=call.wanted, until=call.until.isoformat())


def _require_outside(use_case: UseCase, organisation: Organisation) -> None:
    if use_case.partners.filter(organisation=organisation, state__in=["invited", "joined"]).exists():
        raise Refused("partner.already", organisation=organisation.name)


def _of_call(call: Call, by: User) -> Organisation:
    """Whoever published it, while taking part, and the proposer."""
    publishes = call.use_case.joined().filter(organisation=call.organisation_id).exists()
    for organisation in [*([call.organisation] if publishes else []), call.use_case.proposer]:
        if roles.allowed(by, "propose_use_case", organisation):
            return organisation
    raise PermissionDenied("close a call")


def _decided(name: str, answer: CallAnswer, by: User, reason: str = "") -> CallAnswer:
    """Who may invite partners decides about answers."""
    answer = lock(answer)
    proposer = answer.call.use_case.proposer
    roles.require(by, "propose_use_case", proposer)
    return _moved(name, answer, by, proposer, reason)


def _moved(name: str, answer: CallAnswer, by: User, organisation: Organisation, reason: str = "") -> CallAnswer:
    """The contact has served its purpose."""
    answer.contact, answer.reason = "", reason
    facts = {"reason": reason} if reason else {}
    transitions.move(
        CALL_ANSWER[name], answer, by=by, context=answer.call.use_case, organisation=organisation,
        partner=answer.organisation.name, **facts,
    )  # fmt: skip
    return answer
