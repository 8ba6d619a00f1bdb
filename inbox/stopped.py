"""Planned runs that stopped by themselves, for whoever plans runs there: since when, and for whom they wait."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from collaborations.models import UseCase
from collaborations.own_turns import Blocker, Held, blockers
from computations.models import Schedule
from computations.models.schedules import LIVING

MOST = 20
GONE = [{"code": "gate.superseded"}]
"""Among the reasons of a plan that ended together with its contract."""


@dataclass(frozen=True)
class Stopped:
    """``waits``: the partners that have to mend something in its use case."""

    plan: Schedule
    use_case: UseCase
    waits: list[Blocker]


def stopped(user: User, held: Held) -> list[Stopped]:
    """Suspended plans, and those whose contract lapsed while nobody planned anew."""
    own = [organisation for organisation, permissions in held.values() if "schedule_run" in permissions]
    if not own:
        return []
    anew = Schedule.objects.filter(contract__use_case=OuterRef("contract__use_case"), state__in=LIVING)
    lapsed = Q(state="ended", reasons__contains=GONE, contract__use_case__state="assessing") & ~Exists(anew)
    found = Schedule.objects.filter(Q(state="suspended") | lapsed, organisation__in=own)
    found = found.filter(contract__use_case__in=UseCase.objects.visible_to(user))
    plans = list(found.select_related("contract__use_case").order_by("-state_since")[:MOST])
    cases = {plan.contract.use_case for plan in plans}
    waits = blockers(cases) if cases else {}
    return [Stopped(plan, plan.contract.use_case, waits.get(plan.contract.use_case_id, [])) for plan in plans]
