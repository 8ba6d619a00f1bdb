"""A partner asks another one to do by a day what waits there: who may, about what, and where it is seen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from collaborations import actions, turns
from collaborations.models import Partner, UseCase
from inbox.waiting import waiting_for
from station.reasons import Refused, sentences
from tests.collaborations.world import World

STOP = "proposed"


@pytest.fixture
def invited(shared: World) -> Partner:
    return shared.use_case.partners.get(organisation__slug="beta")


def soon() -> date:
    return timezone.localdate() + timedelta(days=5)


def refused(**arguments: Any) -> str:
    with pytest.raises(Refused) as refusal:
        actions.ask_to_act(**arguments)
    (reason,) = refusal.value.reasons
    assert reason.code in sentences()
    return reason.code


def test_what_waited_then_gets_the_day_in_the_inbox_and_on_the_page(shared: World, invited: Partner, at: Any) -> None:
    page, beta = (
        reverse("collaborations:use_case", args=[shared.use_case.pk]),
        shared.person("beta", "mandated_manager"),
    )
    assert "Ask to act by a day" in at("alfa", "innovation_manager").get(page).content.decode()
    form = reverse("collaborations:partner_ask", args=[shared.use_case.pk, invited.pk])
    assert at("alfa", "innovation_manager").post(form, {"act_by": "yesterday"}).status_code == 422
    assert at("alfa", "innovation_manager").post(form, {"act_by": soon().isoformat()}).url == page
    (item,) = waiting_for(beta)
    assert (item.turn.code, item.turn.deadline) == ("turn.answer_invitation", soon())
    shown = " ".join(at("gamma", "innovation_manager").get(page).content.decode().split())
    assert "by Alfa: please by" in shown and "Ask to act by a day" not in shown
    event = Event.objects.about(invited).get(type="partner.asked")
    assert (event.organisation_key, event.facts["day"]) == ("alfa", soon().isoformat())


def test_what_came_later_was_not_asked_for(shared: World, invited: Partner) -> None:
    actions.ask_to_act(partner=invited, act_by=soon(), by=shared.person("alfa", "innovation_manager"))
    actions.accept_invitation(partner=invited, by=shared.person("beta", "innovation_manager"))
    use_case = UseCase.objects.get(pk=shared.use_case.pk)
    entry = next(one for one in turns.by_partner(use_case) if one.partner == invited)
    assert not entry.asked


def test_only_another_party_asks_about_something_that_waits_and_a_day_to_come(shared: World, invited: Partner) -> None:
    by = shared.person("alfa", "innovation_manager")
    past = timezone.localdate() - timedelta(days=1)
    assert refused(partner=invited, act_by=past, by=by) == "asking.past"
    actions.accept_invitation(partner=invited, by=shared.person("beta", "innovation_manager"))
    assert refused(partner=invited, act_by=soon(), by=by) == "asking.nothing"
    assert refused(partner=invited, act_by=soon(), by=shared.person("beta", "innovation_manager")) == "asking.own"
    gamma = shared.use_case.partners.get(organisation__slug="gamma")
    for key, role in (("alfa", "dpo"), ("gamma", "nobody")):
        with pytest.raises(PermissionDenied):
            actions.ask_to_act(partner=gamma, act_by=soon(), by=shared.person(key, role))
