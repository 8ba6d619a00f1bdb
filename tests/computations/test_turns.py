"""Whose turn it is while a run is under way, and after it."""

import pytest
from django.urls import reverse

from collaborations import kept, turns
from collaborations.models import UseCase
from computations import actions
from tests.collaborations.world import World
from tests.computations.pages import enrol
from tests.computations.trial import Stations

ABOUT_RUNS = ("turn.check_output", "turn.receive_output", "turn.run_uncertain", "turn.start_run", "turn.close_use_case")


def told(stations: Stations) -> list[tuple[str, str]]:
    """(who, what) as far as it is about runs. What is written down for the inbox says the same."""
    use_case = UseCase.objects.get(pk=stations.contract.use_case_id)
    found = turns.waiting(use_case)
    kept.bring_up_to_date(UseCase.objects.all())
    assert sorted(use_case.waiting.values_list("who", "code")) == sorted((turn.who, turn.code) for turn in found)
    return [(turn.who, turn.code) for turn in found if turn.code in ABOUT_RUNS]


def test_computing_waits_for_nobody(preparing: Stations) -> None:
    assert told(preparing) == []


def test_the_output_waits_for_its_checker_on_the_page_of_the_run(preparing: Stations) -> None:
    preparing.to_checking()
    assert told(preparing) == [("beta", "turn.check_output")]
    use_case = UseCase.objects.get(pk=preparing.contract.use_case_id)
    (turn,) = [turn for turn in turns.waiting(use_case) if turn.code == "turn.check_output"]
    assert turn.url == reverse("computations:run", args=[preparing.run.pk])
    assert turn.permission == "check_output"
    assert "run 1 " in turn.text("en")


def test_a_released_output_waits_until_its_recipient_has_it(preparing: Stations) -> None:
    preparing.to_releasing()
    assert told(preparing) == [("alfa", "turn.receive_output")]
    for sender in preparing.sides:
        preparing.share(sender, "release", "alfa")
    assert preparing.receive().status_code == 200
    assert told(preparing) == []


def test_an_uncertain_run_waits_for_people(preparing: Stations) -> None:
    preparing.all_ready()
    preparing.open("alfa")
    preparing.fail("beta")
    assert preparing.state() == "uncertain"
    assert told(preparing) == [("alfa", "turn.run_uncertain")]


@pytest.mark.parametrize(("slots", "code"), [(2, "turn.start_run"), (1, "turn.close_use_case")])
def test_after_a_run_comes_the_next_or_the_end(world: World, slots: int, code: str) -> None:
    use_case, by = world.use_case_at("authorised", slots=slots), world.person("alfa", "innovation_manager")
    stations = Stations(enrol(world), use_case.contracts.get())
    assert told(stations) == [("alfa", "turn.start_run")]
    stations.run = actions.schedule_run(contract=stations.contract, by=by)
    assert told(stations) == []
    actions.start_run(run_id=stations.run.pk)
    stations.to_releasing()
    for sender in stations.sides:
        stations.share(sender, "release", "alfa")
    stations.receive()
    stations.show()
    assert stations.state() == "released"
    assert told(stations) == [("alfa", code)]


def test_a_cancelled_run_gives_its_slot_back(world: World) -> None:
    use_case, by = world.use_case_at("authorised", slots=1), world.person("alfa", "innovation_manager")
    stations = Stations(enrol(world), use_case.contracts.get())
    run = actions.schedule_run(contract=stations.contract, by=by)
    actions.cancel_run(run=run, reason="Invented.", by=by)
    assert told(stations) == [("alfa", "turn.start_run")]
