"""The end of a use case: what came of it against the plan, and looking at it again later."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

import audit
from accounts import roles
from accounts.models import User
from audit import transitions
from collaborations.access import lock, require_any, short, written
from collaborations.lifecycle import USE_CASE
from collaborations.models import UseCase
from collaborations.models.plan import LINE, REACHED
from station.reasons import Refused


@transaction.atomic
def close(
    *, use_case: UseCase, outcome: str, by: User, lessons: str = "", evaluate_on: date | None = None,
    reached: str = "", figure: str = "", explanation: str = "",
) -> UseCase:  # fmt: skip
    """Ends a use case with what came of it, against the plan if there was one, and when it is looked at again."""
    use_case = lock(use_case)
    step = USE_CASE["close"]
    require_any(by, step, use_case.proposer)
    if evaluate_on is not None and evaluate_on < timezone.localdate():
        raise Refused("use_case.evaluation_past")
    use_case.outcome, use_case.lessons, use_case.evaluate_on = short(outcome), short(lessons), evaluate_on
    use_case.reached, use_case.figure = _known(reached), short(figure, limit=LINE)
    use_case.explanation = short(explanation)
    transitions.move(step, use_case, by=by, context=use_case, organisation=use_case.proposer)
    return use_case


@transaction.atomic
def evaluate(*, use_case: UseCase, evaluation: str, reached: str, by: User, figure: str = "") -> UseCase:
    """Records once, on or after the day that was set, how things stand by then."""
    use_case = lock(use_case)
    roles.require(by, "propose_use_case", use_case.proposer)
    if use_case.state != "closed":
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    if use_case.evaluated_at is not None:
        raise Refused("use_case.evaluated_already")
    if use_case.evaluate_on is None or use_case.evaluate_on > timezone.localdate():
        raise Refused("use_case.evaluation_early", day=str(use_case.evaluate_on or "-"))
    if not _known(reached):
        raise Refused("use_case.not_measured")
    use_case.evaluation = written(evaluation, "use_case.evaluation_empty")
    use_case.evaluation_reached, use_case.evaluation_figure = reached, short(figure, limit=LINE)
    use_case.evaluated_at, use_case.evaluated_by = timezone.now(), by
    use_case.save()
    audit.record("use_case.evaluated", by=by, about=use_case, context=use_case, organisation=use_case.proposer)
    return use_case


def _known(reached: str) -> str:
    if reached and reached not in dict(REACHED):
        raise Refused("use_case.not_measured")
    return reached
