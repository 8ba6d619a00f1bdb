"""Incidents: who records one, the 72-hour clock, the decision about the notification, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from collaborations import turns
from collaborations.models import UseCase
from computations import actions
from computations.models import Incident
from station.reasons import Refused, sentences
from tests.collaborations.world import World

EVIL = "<script>alert('x')</script>"


@pytest.fixture
def case(world: World) -> UseCase:
    world.use_case = world.use_case_at("authorised")
    return world.use_case


@pytest.fixture
def record(world: World, case: UseCase) -> Callable[..., Incident]:
    def recorded(**changes: Any) -> Incident:
        arguments = {
            "use_case": case, "organisation": world.organisations["beta"], "title": "A list lay open",
            "what": "Invented", "discovered_at": timezone.now() - timedelta(hours=2),
            "by": world.person("beta", "privacy_officer"),
        }  # fmt: skip
        return actions.record_incident(**arguments | changes)

    return recorded


def refused(act: Callable[..., Any], **arguments: Any) -> list[str]:
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(**arguments)
    for reason in refusal.value.reasons:
        assert reason.code in sentences()
    return [reason.code for reason in refusal.value.reasons]


def hours(number: int) -> datetime:
    return timezone.now() - timedelta(hours=number)


def test_the_clock_runs_from_the_discovery(record: Any) -> None:
    made = record(discovered_at=hours(70))
    assert made.deadline - made.discovered_at == timedelta(hours=72)
    assert (made.hours_left, made.late) == (1, False)
    assert record(discovered_at=hours(73)).late


def test_its_run_is_tied_to_it_and_one_of_another_use_case_is_refused(record: Any, world: World, case: UseCase) -> None:
    by = world.person("alfa", "innovation_manager")
    run = actions.schedule_run(contract=case.contracts.get(), by=by)
    assert list(record(runs=[run]).runs.all()) == [run]
    other = world.use_case_at("authorised")
    assert refused(record, use_case=other, runs=[run]) == ["incident.run_of_other"]


def test_bad_input_is_refused(record: Any) -> None:
    assert refused(record, title=" ") == ["incident.no_title"]
    assert refused(record, what=" ") == ["incident.no_text"]
    assert refused(record, discovered_at=timezone.now() + timedelta(minutes=5)) == ["incident.before_recorded"]
    assert refused(record, what="x" * 5_000_000) == ["text.too_long"]
    assert not Incident.objects.exists()


def test_only_for_the_own_organisation(record: Any, world: World) -> None:
    for by in (world.person("alfa", "dpo"), world.person("beta", "drafter"), world.person("beta", "nobody")):
        with pytest.raises(PermissionDenied):
            record(by=by)


def test_the_dpo_decides_and_closes_and_it_waits_for_the_dpo_until_then(record: Any, world: World) -> None:
    made, dpo = record(), world.person("beta", "dpo")
    assert _waiting(made) == [("turn.incident", "beta", "suspend_assessment")]
    closing = {"incident": made, "measures": "Closed the door", "by": dpo}
    assert refused(actions.close_incident, **closing) == ["incident.decide_first"]
    for nobody in (world.person("beta", "privacy_officer"), world.person("alfa", "dpo")):
        with pytest.raises(PermissionDenied):
            actions.decide_incident(incident=made, why_not="invented", by=nobody)
    both = {"incident": made, "by": dpo}
    assert refused(actions.decide_incident, **both) == ["incident.notified_or_not"]
    assert refused(actions.decide_incident, why_not="x", notified_at=hours(1), **both) == ["incident.notified_or_not"]
    assert refused(actions.decide_incident, notified_at=hours(3), **both) == ["incident.notified_when"]
    actions.decide_incident(notified_at=hours(1), **both)
    assert _waiting(made) == [("turn.close_incident", "beta", "suspend_assessment")]
    assert refused(actions.close_incident, **closing | {"measures": " "}) == ["incident.no_measures"]
    assert actions.close_incident(**closing).state == "closed"
    assert _waiting(made) == []
    told = Event.objects.about(made).order_by("pk").values_list("type", flat=True)
    assert list(told) == ["incident.recorded", "incident.notified", "incident.closed"]


def test_a_later_reason_not_to_notify_stands_below_the_first_and_notifying_keeps_both(
    record: Any, world: World, at: Any
) -> None:
    made, dpo = record(discovered_at=hours(80)), world.person("beta", "dpo")
    assert made.late
    actions.decide_incident(incident=made, why_not="Nobody could read it.", by=dpo)
    actions.decide_incident(incident=made, why_not="Looked at it again: the same.", by=dpo)
    made.refresh_from_db()
    assert made.not_notified.startswith("Nobody could read it.") and "Looked at it again" in made.not_notified
    assert not made.late
    with pytest.raises(DatabaseError), transaction.atomic():
        Incident.objects.filter(pk=made.pk).update(not_notified="Nothing")
    actions.decide_incident(incident=made, notified_at=hours(1), by=dpo)
    made.refresh_from_db()
    assert made.late and "Nobody could read it." in made.not_notified
    page = reverse("computations:incident", args=[made.use_case_id, made.pk])
    shown = at("alfa", "nobody").get(page).content.decode()
    assert "Why it was not notified at first" in shown and "Looked at it again" in shown


def test_what_happened_never_changes(record: Any) -> None:
    made = record()
    for changes in ({"what": "nothing"}, {"discovered_at": timezone.now()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Incident.objects.filter(pk=made.pk).update(**changes)


def test_every_partner_reads_it_and_nobody_else(record: Any, at: Any, case: UseCase) -> None:
    made = record(title=EVIL)
    for name, args in (("incidents", [case.pk]), ("incident", [case.pk, made.pk])):
        text = at("gamma", "nobody").get(reverse(f"computations:{name}", args=args)).content.decode()
        assert EVIL not in text
        assert "&lt;script&gt;" in text
    case.partners.filter(organisation__slug="gamma").update(state="invited")
    assert at("gamma", "dpo").get(reverse("computations:incidents", args=[case.pk])).status_code == 403


def test_recorded_on_the_page_it_offers_to_suspend(at: Any, case: UseCase) -> None:
    page = reverse("computations:incident_new", args=[case.pk])
    moment = timezone.localtime(hours(1)).strftime("%Y-%m-%dT%H:%M")
    data = {"organisation": "alfa", "title": "Lost", "what": "Invented", "discovered_at": moment}
    assert at("alfa", "dpo").post(page, data | {"discovered_at": "yesterday"}).status_code == 422
    answer = at("alfa", "dpo").post(page, data)
    assert answer.status_code == 302
    assert "Suspend the DPIA" in at("alfa", "dpo").get(answer.url).content.decode()
    assert "Put the use case on hold" in at("alfa", "innovation_manager").get(answer.url).content.decode()
    assert "hours left" in at("beta", "nobody").get(answer.url).content.decode()


def _waiting(made: Incident) -> list[tuple[str, str, str]]:
    found = turns.waiting(UseCase.objects.get(pk=made.use_case_id))
    return [(turn.code, turn.who, turn.permission) for turn in found if "incident" in turn.code]
