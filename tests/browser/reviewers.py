"""``python -m tests.browser.reviewers PASSWORD``: a joint DPIA in its second round, and six people with a password.

Prints its use case. Then every line that it reads names a part (``review``, ``advise``, ``adopt``), which everybody
plays whose part it still is; it answers with the state of the DPIA.
"""

from __future__ import annotations

import sys

import django

django.setup()

from django.db import transaction  # noqa: E402

from dpia import actions  # noqa: E402
from tests.collaborations.world import KEYS, World  # noqa: E402
from tests.dpia.people import Cast, again, controllers, put_on  # noqa: E402

SIX = (("drafter", "alfa"), ("lawyer", "beta"), ("security_officer", "gamma"), ("dpo", "alfa"), ("dpo", "beta"),
       ("mandated_manager", "beta"))  # fmt: skip


@transaction.atomic
def begin(password: str) -> Cast:
    """All DPOs advised in the first round; then one answer changed."""
    cast = Cast(World()).start()
    for key in KEYS:
        for role in ("lawyer", "security_officer"):
            cast.person(key, role)
    for role, key in SIX:
        person = cast.person(key, role)
        person.set_password(password)
        person.save()
    assessment, drafter = put_on(cast.assessment, law="always", security="if_filled"), cast.person("alfa", "drafter")
    cast.at("response")
    actions.send_back(
        assessment=assessment, organisation=cast.world.organisations["alfa"], reason="Fewer columns will do", by=drafter
    )
    actions.answer(assessment=assessment, question="necessity", value="Example answer with fewer columns", by=drafter)
    return cast


@transaction.atomic
def play(cast: Cast, part: str) -> str:
    assessment = again(cast.assessment)
    if part == "review":
        cast.review(assessment)
    for organisation in controllers(assessment):
        mine = {"assessment": assessment, "organisation": organisation}
        if part == "advise" and not assessment.submitted_version.advices.filter(organisation=organisation).exists():
            actions.advise(**mine, verdict="positive", by=cast.person(organisation.slug, "dpo"))
        if part == "adopt" and not assessment.current_version.adoptions.filter(organisation=organisation).exists():
            actions.adopt(**mine, by=cast.person(organisation.slug, "mandated_manager"))
    return str(again(assessment).state)


if __name__ == "__main__":
    played = begin(sys.argv[1])
    print(played.assessment.context_id, flush=True)
    for line in sys.stdin:
        print(play(played, line.strip()), flush=True)
