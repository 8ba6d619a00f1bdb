"""A trial that went well becomes the draft of the real specification, and its output an example in the DPIA."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from collaborations import actions as collaborations
from collaborations.models import UseCase
from computations import actions
from computations.models import SpecificationDraft
from computations.specifying.promoting import promotion
from dpia.sheet import Sheet
from station.reasons import Refused
from tests.collaborations.world import World
from tests.computations.pages import enrol, filled, text, url
from tests.computations.trial import Stations, approve

At = Callable[..., Client]


@pytest.fixture
def trial(world: World) -> Stations:
    """A trial contract that every station signed; nothing ran yet."""
    use_case = world.use_case_at("exploring")
    sides = enrol(world, synthetic=True)
    by = world.person("alfa", "innovation_manager")
    contract = actions.draft_contract(use_case=use_case, by=by, trial=True)
    for side in sides.values():
        assert approve(side, contract).status_code == 200
    return Stations(sides, contract)


@pytest.fixture
def released(world: World, trial: Stations) -> Stations:
    """It ran, and its table was released; since then alfa announced real rows with the same columns."""
    by = world.person("alfa", "innovation_manager")
    trial.run = actions.schedule_run(contract=trial.contract, by=by)
    actions.start_run(run_id=trial.run.pk)
    trial.to_released()
    inputs = trial.contract.read().specification.document()["inputs"]
    announce(trial, inputs[0], "real")
    return trial


def announce(trial: Stations, entry: dict[str, Any], key: str) -> None:
    names = ("name", "type", "description", "data_class")
    columns = [{name: column[name] for name in names} for column in entry["columns"]]
    assert trial.sides[entry["organisation"]].announce(key, columns=columns).status_code == 200


def send(client: Client, address: str, **changes: str) -> Any:
    return client.post(address, filled(client.get(address).context["form"]) | changes)


def what_is_confirmed_is_what_was_shown(released: Stations, use_case: UseCase, by: User) -> None:
    shown = promotion(use_case, released.contract).sha256
    announce(released, released.contract.read().specification.document()["inputs"][1], "real")
    with pytest.raises(Refused) as refused:
        actions.promote_trial(contract=released.contract, by=by, shown=shown)
    assert [reason.code for reason in refused.value.reasons] == ["trial.changed_meanwhile"]
    now = promotion(use_case, released.contract)
    assert not now.missing() and now.sha256 != shown
    draft = actions.promote_trial(contract=released.contract, by=by, shown=now.sha256)
    with pytest.raises(Refused, match="changed the draft after you opened"):
        actions.promote_trial(contract=released.contract, by=by, seen=draft.revision - 1)


def test_a_trial_becomes_the_draft_once_the_differences_were_confirmed(released: Stations, at: At) -> None:
    use_case, asker = UseCase.objects.get(), at("alfa", "innovation_manager")
    address = url("promote", released.contract)
    assert address in text(asker.get(url("contract", use_case)))
    page = text(asker.get(address))
    assert "<del>trial contract, on synthetic data only</del>" in page
    assert "<del>synthetic rows (rows)</del>" in page and "<ins>real rows (real)</ins>" in page
    assert "<del>not needed</del></td><td><ins>adopted by every controller</ins>" in page
    assert "Of Beta no single dataset of real rows" in page, "who has none yet is named"
    assert released.contract.sha256 in page
    assert send(asker, address).status_code == 422, "not before it is confirmed"
    assert not SpecificationDraft.objects.exists()

    assert send(asker, address, confirmed="on").url == url("draft", use_case)
    draft, before = SpecificationDraft.objects.get(), use_case.specification.data
    assert [entry["dataset"] for entry in draft.data["inputs"]] == ["real", "rows"]
    assert draft.data["schedule"]["slots"] == before["schedule"]["slots"]
    assert draft.data["schedule"]["end"] != before["schedule"]["end"]
    same = set(before) - {"inputs", "schedule"}
    assert {name: draft.data[name] for name in same} == {name: before[name] for name in same}
    told = Event.objects.timeline(use_case).get(type="specification.trial_promoted")
    assert told.facts["sha256"] == released.contract.sha256 and told.facts["run"] == str(released.run.pk)
    assert "made the trial" in text(asker.get(reverse("collaborations:timeline", args=[use_case.pk])))
    by = User.objects.get(pk=told.actor_id)
    version = actions.finish_draft(use_case=use_case, revision=draft.revision, by=by)
    assert version.number == 2, "what comes of it is saved as any other draft"
    what_is_confirmed_is_what_was_shown(released, use_case, by)


def test_it_is_refused_with_why(world: World, trial: Stations, at: At) -> None:
    use_case, address = UseCase.objects.get(), url("promote", trial.contract)
    assert at("alfa", "dpo").get(address).status_code == 403
    asker, by = at("alfa", "innovation_manager"), world.person("alfa", "innovation_manager")
    assert address not in text(asker.get(url("contract", use_case)))
    answer = asker.get(address)
    assert answer.status_code == 409 and "No output of this trial has been released yet" in text(answer)
    collaborations.hold(use_case=use_case, reason="Waiting", by=by)
    answer = asker.post(address, {"confirmed": "on"})
    assert answer.status_code == 409 and "The use case stands at: on hold" in text(answer)
    assert not SpecificationDraft.objects.exists()


def test_its_table_stands_in_the_dpia_as_an_example_and_is_not_frozen(world: World, released: Stations, at: At) -> None:
    use_case = UseCase.objects.get()
    use_case = collaborations.start_assessing(use_case=use_case, by=world.person("alfa", "innovation_manager"))
    sheet = Sheet(use_case.assessment)
    here = next(p for p in sheet.form.points() if any(q.id == "outputs" for q in p.questions))
    for key, role in (("gamma", "dpo"), ("alfa", "drafter")):
        page = text(at(key, role).get(reverse("collaborations:assessment_point", args=[use_case.pk, here.id])))
        at_question = page[page.index('id="question-outputs"') :]
        example = at_question[: at_question.index("</section>")]
        assert "Synthetic data, example." in example
        assert '<th scope="row">blue</th><td class="number">30</td>' in example
        assert '<span class="hidden-visually">not shown</span>' in example and "1 value was left out" in example
        assert url("run", released.run) in example and released.contract.sha256 in example
        assert page.count("Synthetic data, example.") == 1
    report = text(at("gamma", "dpo").get(reverse("collaborations:assessment_report_print", args=[use_case.pk, "full"])))
    section = report[report.index('id="example-') :]
    assert "Synthetic data, example." in section and ">30<" in section
    assert released.contract.sha256 in section and str(released.run.pk) in section
    assert released.contract.sha256 not in json.dumps(Sheet(use_case.assessment).frozen())
    other = next(p for p in sheet.form.points() if p != here)
    page = at("gamma", "dpo").get(reverse("collaborations:assessment_point", args=[use_case.pk, other.id]))
    assert "Synthetic data, example." not in text(page)
