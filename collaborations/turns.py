"""Whose turn it is in a use case: what is missing, at which partner, since when, and on which page it is mended.

The pages and the inbox read this; nothing is stored. Rooms above add what they know with ``also``. What the turns are
worked out from is read for many use cases at once (``together``); what a source did not name there it asks by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.turn import Turn
from audit.transitions import missing
from collaborations import deadlines, gate
from collaborations.facts import CURRENT
from collaborations.lifecycle import USE_CASE
from collaborations.models import Contract, Partner, SpecificationVersion, UseCase, UseCaseQuerySet
from dpia import turns as dpia
from dpia.measures import measure_turns
from dpia.review_dates import review_turns

Source = Callable[[UseCase, date], Iterator[Turn]]
Above = Callable[[UseCase, date, Sequence[Turn]], Iterator[Turn]]
"""Gets what was found here, too: nothing new starts while something is missing."""

PAGES = {
    "propose_use_case": "collaborations:use_case",
    "join_use_case": "collaborations:partners",
    "specify": "computations:specification",
    "draft_basis": "collaborations:bases",
    "advise_basis": "collaborations:bases",
    "approve_basis": "collaborations:bases",
    "record_agreement": "collaborations:agreement",
    "draft_contract": "computations:contract",
    "manage_station": "computations:contract",
    "schedule_run": "computations:runs",
    "check_output": "computations:runs",
}
"""On which page of the use case the holder of a permission does it; about the DPIA when it is not in the table."""

BY_CODE = {
    "turn.advise_changed": "collaborations:assessment_since",
    "turn.summarise_advice": "collaborations:assessment_advice",
}
"""Turns whose page follows from what waits, not from who can do it."""

PARTNERS = Prefetch("partners", Partner.objects.select_related("organisation"))
NEWEST = SpecificationVersion.objects.order_by("use_case_id", "-number").distinct("use_case_id")
BASES = Prefetch("specifications__bases", CURRENT)
_also: list[Above] = []
_reads: list[str | Prefetch] = [PARTNERS, Prefetch("specifications", NEWEST), BASES, "contracts"]


@dataclass(frozen=True)
class PartnerTurns:
    """What one partner has to do now."""

    partner: Partner
    turns: list[Turn]

    @property
    def asked(self) -> bool:
        """Another partner asked for it, by a day."""
        return any(self.partner.asked_about(turn.since) for turn in self.turns)


def also(source: Above, *reads: str | Prefetch) -> None:
    """A room above tells what waits there, such as a run for its output check, and what it reads of a use case to know
    it. Telling it twice does it once."""
    if source not in _also:
        _also.append(source)
        _reads.extend(reads)


def waiting(use_case: UseCase, day: date | None = None) -> list[Turn]:
    """Everything that waits for somebody now, the longest waiting first."""
    return worked_out(together([use_case])[0], day or timezone.localdate())


def together(use_cases: Iterable[UseCase]) -> list[UseCase]:
    """The same use cases with what their turns are worked out from, in as many queries as for one. Copies: who gave
    them goes on reading what is so later."""
    found = [copy(use_case) for use_case in use_cases]
    for use_case in found:
        use_case._prefetched_objects_cache = {}
    prefetch_related_objects(found, *_reads)
    return found


def worked_out(use_case: UseCase, day: date) -> list[Turn]:
    """The turns of one of those."""
    if use_case.state not in BY_STATE:
        return []
    here = list(BY_STATE[use_case.state](use_case, day))
    found = [*here, *_reviews(use_case, day), *(turn for source in _also for turn in source(use_case, day, here))]
    whole = deadlines.dated(use_case, placed(use_case, found), day)
    return sorted(whole, key=lambda turn: turn.since or use_case.state_since)


def placed(use_case: UseCase, found: Iterable[Turn]) -> list[Turn]:
    """The same turns, all with the moment since when and the page where it is done."""
    return [
        replace(turn, since=turn.since or use_case.state_since, url=turn.url or _page(use_case, turn)) for turn in found
    ]


def by_partner(use_case: UseCase) -> list[PartnerTurns]:
    """Per partner that takes part; what no partner can be named for stands with the proposer."""
    found = use_case.partners.filter(state__in=["invited", "joined"])
    partners = list(found.select_related("organisation", "asked_by"))
    keys = {partner.organisation.slug for partner in partners}
    proposer = use_case.proposer.slug
    turns = [(turn.who if turn.who in keys else proposer, turn) for turn in waiting(use_case)]
    return [
        PartnerTurns(partner, [turn for who, turn in turns if who == partner.organisation.slug]) for partner in partners
    ]


def _draft(use_case: UseCase, day: date) -> Iterator[Turn]:
    missed = {reason.code for reason in missing(USE_CASE["submit"], use_case)}
    code, page = "turn.submit_use_case", "collaborations:use_case"
    if missed & {"use_case.not_described", "use_case.open_questions"}:
        code, page = "turn.complete_intake", "collaborations:use_case_edit"
    elif missed:
        code, page = "turn.invite_partner", "collaborations:partners"
    yield _of_proposer(use_case, code, "propose_use_case", url=reverse(page, args=[use_case.pk]))


def _proposed(use_case: UseCase, day: date) -> Iterator[Turn]:
    yield from _invitations(use_case)
    asked = [one for one in use_case.everybody() if one.state == "invited" and not one.advises]
    if not asked:  # everybody declined, or only advises
        page = reverse("collaborations:partners", args=[use_case.pk])
        yield _of_proposer(use_case, "turn.invite_partner", "propose_use_case", url=page)


def _exploring(use_case: UseCase, day: date) -> Iterator[Turn]:
    invited = list(_invitations(use_case))
    yield from invited
    version = use_case.specification
    if version is None:
        yield _of_proposer(use_case, "turn.specify", "specify")
        return
    yield from _signatures(use_case, "trial_contract", day)
    asked = {turn.who for turn in invited}
    reasons = [r for r in missing(USE_CASE["start_assessing"], use_case) if r.facts.get("organisation") not in asked]
    for reason in reasons:
        yield Turn(reason.code, reason.facts, use_case.proposer.slug, "specify", version.at)
    if not reasons and not invited:
        page = reverse("collaborations:use_case", args=[use_case.pk])
        yield _of_proposer(use_case, "turn.start_assessing", "specify", since=version.at, url=page)


def _assessing(use_case: UseCase, day: date) -> Iterator[Turn]:
    yield from _invitations(use_case)
    if use_case.assessment is not None:
        yield from dpia.turns(use_case.assessment)
    told = {"gate.assessment_not_adopted"} if use_case.assessment is not None else set()
    unmet = [turn for turn in gate.unmet(use_case, None, day, "draft") if turn.code not in told]
    yield from unmet
    adopted = use_case.assessment is not None and use_case.assessment.state == "adopted"
    if unmet or not adopted:
        return
    if _current(use_case, "contract") is None:
        yield _of_proposer(use_case, "turn.draft_contract", "draft_contract")
    yield from _signatures(use_case, "contract", day)


def _authorised(use_case: UseCase, day: date) -> Iterator[Turn]:
    yield from gate.unmet(use_case, _current(use_case, "contract"), day)


def _on_hold(use_case: UseCase, day: date) -> Iterator[Turn]:
    yield _of_proposer(use_case, "turn.resume_use_case", "propose_use_case")


def _closed(use_case: UseCase, day: date) -> Iterator[Turn]:
    """Looked at once more, on the day that was set."""
    if use_case.evaluate_on is not None and use_case.evaluate_on <= day and use_case.evaluated_at is None:
        begin = datetime.combine(use_case.evaluate_on, time.min, timezone.get_default_timezone())
        url = reverse("collaborations:use_case_evaluate", args=[use_case.pk])
        facts = {"since": begin, "url": url, "deadline": use_case.evaluate_on}
        yield _of_proposer(use_case, "turn.evaluate_use_case", "propose_use_case", **facts)


def going_on(use_cases: UseCaseQuerySet, day: date) -> UseCaseQuerySet:
    """Those in which something can wait for somebody."""
    due = Q(state="closed", evaluate_on__lte=day, evaluated_at=None)
    return use_cases.filter(Q(state__in=set(BY_STATE) - {"closed"}) | due)


BY_STATE: dict[str, Source] = {
    "draft": _draft,
    "proposed": _proposed,
    "exploring": _exploring,
    "assessing": _assessing,
    "authorised": _authorised,
    "on_hold": _on_hold,
    "closed": _closed,
}


def _reviews(use_case: UseCase, day: date) -> Iterator[Turn]:
    """Beside what stands in the way: a review date that has come, or that of a measure, stops nothing by itself."""
    if use_case.state in ("assessing", "authorised") and use_case.assessment is not None:
        yield from review_turns(use_case.assessment, day)
        page = reverse("collaborations:assessment_measures", args=[use_case.pk])
        yield from (replace(turn, url=page) for turn in measure_turns(use_case.assessment, day))


def _invitations(use_case: UseCase) -> Iterator[Turn]:
    for partner in (one for one in use_case.everybody() if one.state == "invited"):
        yield Turn("turn.answer_invitation", {}, partner.organisation.slug, "join_use_case", partner.state_since)


def _signatures(use_case: UseCase, kind: str, day: date) -> Iterator[Turn]:
    """What a drafted contract still waits for; that the use case is not authorised yet is what the signatures mend."""
    contract = _current(use_case, kind)
    if contract is not None and contract.state == "drafted":
        yield from (turn for turn in gate.unmet(use_case, contract, day) if turn.code != "gate.use_case_state")


def _current(use_case: UseCase, kind: str) -> Contract | None:
    current = (one for one in use_case.contracts.all() if one.state in ("drafted", "signed"))
    return next((one for one in current if one.kind == kind), None)


def _of_proposer(use_case: UseCase, code: str, permission: str, **fields: object) -> Turn:
    return Turn(code, {}, use_case.proposer.slug, permission, **{"since": use_case.state_since, **fields})


def _page(use_case: UseCase, turn: Turn) -> str:
    try:
        page = BY_CODE.get(turn.code) or PAGES.get(turn.permission, "collaborations:assessment")
        return reverse(page, args=[use_case.pk])
    except NoReverseMatch:  # a room that is not installed here
        return reverse("collaborations:use_case", args=[use_case.pk])
