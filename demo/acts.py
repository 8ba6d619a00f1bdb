"""What can happen to a use case beside the straight road, each as one act: the same actions as behind the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, User
from collaborations import actions as collaborations
from collaborations.models import LegalBasis, Partner
from demo import assessing, road
from demo.road import Journey
from discussion import actions as discussion
from dpia import actions as dpia

Facts = dict[str, Any]


def comment(journey: Journey, facts: Facts) -> None:
    """``by``: "organisation role"."""
    organisation, role = facts["by"].split()
    discussion.comment(
        about=journey.use_case, organisation=_organisation(organisation), text=facts["text"],
        internal=facts.get("internal", False), by=journey.person(organisation, role),
    )  # fmt: skip


def invite(journey: Journey, facts: Facts) -> None:
    collaborations.invite_partner(
        use_case=journey.use_case, organisation=_organisation(facts["organisation"]), capacity=facts["capacity"],
        by=_asking(journey),
    )  # fmt: skip


def accept(journey: Journey, facts: Facts) -> None:
    partner = _partner(journey, facts)
    collaborations.accept_invitation(partner=partner, by=journey.person(facts["organisation"], "innovation_manager"))


def decline(journey: Journey, facts: Facts) -> None:
    collaborations.decline_invitation(
        partner=_partner(journey, facts), reason=facts["reason"],
        by=journey.person(facts["organisation"], "innovation_manager"),
    )  # fmt: skip


def leave(journey: Journey, facts: Facts) -> None:
    collaborations.leave(
        partner=_partner(journey, facts), reason=facts["reason"],
        by=journey.person(facts["organisation"], "mandated_manager"),
    )  # fmt: skip


def bases(journey: Journey, facts: Facts) -> None:
    """organisation -> how far its legal bases came."""
    for organisation, state in facts.items():
        road.bases_of(journey, _partner(journey, {"organisation": organisation}), state)


def suspend_basis(journey: Journey, facts: Facts) -> None:
    rows = LegalBasis.objects.filter(partner=_partner(journey, facts), state="approved")
    collaborations.suspend_basis(
        basis=rows[0], reason=facts["reason"], by=journey.person(facts["organisation"], "mandated_manager")
    )


def agreement(journey: Journey, facts: Facts) -> None:
    """``days``: first and last day of its validity, counted from today."""
    first, last = (timezone.localdate() + timedelta(days=days) for days in facts["days"])
    collaborations.record_agreement(
        use_case=journey.use_case, kind="art26", title=facts["title"], valid_from=first, valid_to=last,
        parties=[_organisation(key) for key in journey.parties], document_name="overeenkomst-voorbeeld.txt",
        document=journey.dossier.agreement(journey.specification), by=journey.person(journey.asker, "lawyer"),
    )  # fmt: skip


def terminate(journey: Journey, facts: Facts) -> None:
    """Ends the newest agreement."""
    newest = journey.use_case.collaboration.agreements.order_by("-pk")[0]
    collaborations.terminate_agreement(
        agreement=newest, reason=facts["reason"], by=journey.person(*facts["by"].split())
    )


def answer(journey: Journey, facts: Facts) -> None:
    assessing.fill(journey, facts["questions"])


def submit(journey: Journey, _facts: Facts) -> None:
    assessing.submit(journey)


def review(journey: Journey, facts: Facts) -> None:
    """``kind``: of the reviewer; the privacy officer when it is not named."""
    kind = facts.get("kind", "privacy")
    dpia.review(
        assessment=assessing.assessment_of(journey), organisation=_organisation(facts["organisation"]), kind=kind,
        verdict=facts["verdict"], text=facts["text"],
        by=journey.person(facts["organisation"], assessing.REVIEWERS[kind]),
    )  # fmt: skip


def advise(journey: Journey, facts: Facts) -> None:
    dpia.advise(
        assessment=assessing.assessment_of(journey), organisation=_organisation(facts["organisation"]),
        verdict=facts["verdict"], text=facts["text"], items=facts["items"],
        by=journey.person(facts["organisation"], "dpo"),
    )  # fmt: skip


def respond(journey: Journey, _facts: Facts) -> None:
    assessing.answer_advice(journey)


def consult(journey: Journey, facts: Facts) -> None:
    dpia.consult_authority(
        assessment=assessing.assessment_of(journey), reference=facts["reference"], asked_on=timezone.localdate(),
        by=journey.person(journey.asker, "drafter"),
    )  # fmt: skip


def adopt(journey: Journey, facts: Facts) -> None:
    dpia.adopt(
        assessment=assessing.assessment_of(journey), organisation=_organisation(facts["organisation"]),
        by=journey.person(facts["organisation"], "mandated_manager"),
    )  # fmt: skip


def suspend_assessment(journey: Journey, facts: Facts) -> None:
    dpia.suspend(
        assessment=assessing.assessment_of(journey), organisation=_organisation(facts["organisation"]),
        reason=facts["reason"], by=journey.person(facts["organisation"], "dpo"),
    )  # fmt: skip


def hold(journey: Journey, facts: Facts) -> None:
    collaborations.hold(use_case=journey.use_case, reason=facts["reason"], by=_asking(journey))


def reject(journey: Journey, facts: Facts) -> None:
    collaborations.reject(use_case=journey.use_case, reason=facts["reason"], by=_asking(journey))


def withdraw(journey: Journey, facts: Facts) -> None:
    collaborations.withdraw(use_case=journey.use_case, reason=facts["reason"], by=_asking(journey))


def close(journey: Journey, facts: Facts) -> None:
    collaborations.close(
        use_case=journey.use_case, outcome=facts["outcome"], lessons=facts["lessons"], by=_asking(journey),
        reached=facts["reached"], figure=facts["figure"], explanation=facts["explanation"],
        evaluate_on=timezone.localdate() + timedelta(days=facts["evaluate_in_days"]),
    )  # fmt: skip


def _asking(journey: Journey) -> User:
    return journey.person(journey.asker, "innovation_manager")


def _organisation(key: str) -> Organisation:
    return Organisation.objects.get(slug=key)


def _partner(journey: Journey, facts: Facts) -> Partner:
    return journey.use_case.partners.select_related("organisation").get(organisation__slug=facts["organisation"])


Act = Callable[[Journey, Facts], None]
ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        accept, adopt, advise, agreement, answer, bases, close, comment, consult, decline, hold, invite, leave, reject,
        respond, review, submit, suspend_assessment, suspend_basis, terminate, withdraw,
    )
}  # fmt: skip
INSTEAD = {"bases": "legal_bases"}  # the step of the road that an act takes the place of
