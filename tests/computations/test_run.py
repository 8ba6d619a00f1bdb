"""The straight road of a run, and every hint on it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Organisation, User
from audit.models import Event
from computations import actions
from computations.models import Result, Run
from station.reasons import Refused
from tests.computations.station_side import codes
from tests.computations.trial import TABLE, Stations


def test_from_start_to_released(preparing: Stations) -> None:
    run = preparing
    assert run.hints("alfa") == ["prepare"]
    run.ready("alfa")
    assert (run.hints("alfa"), run.hints("beta")) == ([], ["prepare"])
    run.ready("beta")
    run.ready("gamma")
    assert run.state() == "running"
    (go,) = run.sides["gamma"].hints()
    assert go["type"] == "go" and len(go["readys"]) == 3
    run.open("alfa")
    assert (run.hints("alfa"), run.hints("beta")) == ([], ["go"])
    run.open("beta")
    run.open("gamma")
    assert [run.hints(key) for key in ("alfa", "beta", "gamma")] == [["send"]] * 3
    for key in run.sides:
        run.share(key, "check", "beta")
    assert run.state() == "checking"
    (check,) = run.sides["beta"].hints()
    assert check["type"] == "check" and [s["from"] for s in check["shares"]] == ["alfa", "beta", "gamma"]
    assert run.hints("alfa") == []
    run.decide()
    assert run.state() == "releasing"
    assert not run.run.shares.exists(), "the checker's shares are gone"
    assert [run.hints(key) for key in ("alfa", "beta", "gamma")] == [["decided"]] * 3
    for key in run.sides:
        run.share(key, "release", "alfa")
    (receive,) = run.sides["alfa"].hints()
    assert receive["type"] == "receive" and len(receive["shares"]) == 3
    assert (run.hints("beta"), run.hints("gamma")) == ([], [])
    run.receive()
    assert run.state() == "releasing", "what the platform shows is not there yet"
    assert run.hints("alfa") == ["receive"]
    assert run.show().document == {"state": "released"}
    assert run.hints("alfa") == []
    assert Result.objects.get().table == TABLE
    assert not run.run.shares.exists()
    passed = [step["state"] for step in run.run.history]
    assert passed[:3] == ["queued", "preparing", "running"]


def test_every_step_leaves_one_event_in_the_use_case(preparing: Stations) -> None:
    preparing.to_releasing()
    for key in preparing.sides:
        preparing.share(key, "release", "alfa")
    preparing.show()
    preparing.receive()
    assert preparing.state() == "released"
    told = list(Event.objects.about(preparing.run).order_by("id").values_list("type", flat=True))
    assert told == [
        "run.scheduled", "run.preparing", "run.running", "run.checking", "run.releasing", "run.result_received",
        "run.released",
    ]  # fmt: skip


def test_the_same_statement_twice_is_the_same_answer(preparing: Stations) -> None:
    first = preparing.ready("alfa", nonce="one-and-same")
    payload = {k: v for k, v in preparing.readys[1]["alfa"].items() if k not in ("type", "organisation")}
    again = preparing.sides["alfa"].state("ready", **payload)
    assert (first.document, again.document) == ({"state": "preparing"}, {"state": "preparing"})
    assert preparing.run.statements.count() == 1


def test_another_statement_about_the_same_is_refused(preparing: Stations) -> None:
    preparing.ready("alfa")
    assert codes(preparing.ready("alfa")) == ["statement.differs"]


def test_nobody_states_for_another(preparing: Stations) -> None:
    names = preparing.names(reasons=[{"code": "x", "facts": {}}], at=1)
    forged = preparing.sides["alfa"].sign("refusal", **(names | {"organisation": "beta"}))
    assert codes(preparing.sides["alfa"].call("POST", "statements", {"statement": forged})) == ["statement.not_yours"]
    carried = preparing.sides["beta"].sign("refusal", **names)
    assert codes(preparing.sides["alfa"].call("POST", "statements", {"statement": carried})) == [
        "signature.unknown_key"
    ]
    assert preparing.state() == "preparing"


def test_a_new_key_cannot_act_in_an_old_contract(preparing: Stations) -> None:
    from tests.computations.station_side import StationSide

    organisation = preparing.sides["alfa"].organisation
    steward = User.objects.get(email="data_steward@alfa.example")
    again = StationSide(organisation)
    again.enrol(actions.enrolment_token(organisation=organisation, by=steward))
    preparing.sides["alfa"] = again
    assert codes(preparing.ready("alfa")) == ["statement.key_not_in_contract"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"slot": 2}, "statement.slot"), ({"attempt": 2}, "statement.unexpected"), ({"exp": 1}, "statement.expired")],
)
def test_a_ready_about_something_else_is_refused_and_not_kept(preparing: Stations, change: dict, code: str) -> None:
    assert codes(preparing.ready("alfa", **change)) == [code]
    assert not preparing.run.statements.exists()


def test_a_run_that_cannot_be_one_is_refused(preparing: Stations) -> None:
    assert codes(preparing.refuse("alfa", run="-" * 36)) == ["statement.field"]


def test_an_open_for_another_session_is_refused(preparing: Stations) -> None:
    preparing.all_ready()
    assert codes(preparing.open("alfa", session="0" * 64)) == ["statement.session"]


def test_only_the_checker_decides_and_only_once(preparing: Stations) -> None:
    preparing.to_checking()
    assert codes(preparing.decide(key="alfa")) == ["decision.not_checker"]
    assert preparing.decide("withhold").document == {"state": "withheld"}
    assert codes(preparing.decide("release")) == ["statement.unexpected"]
    assert preparing.state() == "withheld"
    assert preparing.hints("gamma") == ["decided"]


def test_another_table_than_the_released_one_is_refused(preparing: Stations) -> None:
    preparing.to_releasing()
    assert codes(preparing.receive(table_sha256="0" * 64)) == ["result.hash"]
    assert codes(preparing.show(table={**TABLE, "suppressed": 2})) == ["result.hash"]
    assert codes(preparing.show(key="beta")) == ["result.unexpected"]
    assert not Result.objects.exists()


def test_shares_only_from_computing_parties_to_their_receiver(preparing: Stations) -> None:
    assert preparing.share("alfa", "check", "beta").document == {"state": "preparing"}, "not awaited, not kept"
    assert not preparing.run.shares.exists()
    preparing.all_ready()
    preparing.all_open()
    assert codes(preparing.share("alfa", "check", "alfa")) == ["share.unexpected"]
    preparing.share("alfa", "check", "beta")
    assert preparing.share("alfa", "check", "beta").status_code == 200
    assert codes(preparing.share("alfa", "check", "beta", jwe="another")) == ["statement.differs"]


def test_progress_is_kept_and_only_ones_own(preparing: Stations) -> None:
    body = {"phase": "tags", "percent": 40}
    assert preparing.sides["alfa"].call("PUT", f"runs/{preparing.run.pk}/attempts/1/progress", body).status_code == 200
    task = preparing.run.tasks.get(organisation__slug="alfa")
    assert (task.phase, task.percent) == ("tags", 40)
    assert codes(preparing.sides["alfa"].call("PUT", f"runs/{preparing.run.pk}/attempts/2/progress", body)) == [
        "run.unknown"
    ]


def test_two_outputs_are_decided_one_by_one(make_stations: Callable[..., Stations], asker: Callable[[], User]) -> None:
    stations = make_stations(outputs=2)
    stations.run = actions.schedule_run(contract=stations.contract, by=asker())
    actions.start_run(run_id=stations.run.pk)
    stations.to_checking()
    assert stations.state() == "running"
    for key in stations.sides:
        stations.share(key, "check", "beta", output="table1")
    assert stations.hints("beta") == ["check", "check"]
    assert stations.decide("withhold", output="table1").document == {"state": "checking"}
    assert codes(stations.decide("release", output="table1")) == ["statement.differs"]
    assert stations.decide("release").document == {"state": "releasing"}
    assert stations.hints("gamma") == ["decided", "decided"]


def test_who_may_schedule_and_see(preparing: Stations, person: Callable[..., User]) -> None:
    steward = User.objects.get(email="data_steward@beta.example")
    with pytest.raises(PermissionDenied):
        actions.schedule_run(contract=preparing.contract, by=steward)
    stranger = person(Organisation.objects.create(slug="other", name="Other"), "innovation_manager")
    assert (Run.objects.visible_to(steward).count(), Run.objects.visible_to(stranger).count()) == (1, 0)


def test_one_run_at_a_time_and_no_more_than_the_contract_has(
    make_stations: Callable[..., Stations], asker: Callable[[], User]
) -> None:
    stations = make_stations(slots=1)
    stations.run = actions.schedule_run(contract=stations.contract, by=asker())
    with pytest.raises(Refused, match="under way"):
        actions.schedule_run(contract=stations.contract, by=asker())
    actions.start_run(run_id=stations.run.pk)
    stations.to_checking()
    with pytest.raises(Refused, match="All 1 runs"):
        actions.schedule_run(contract=stations.contract, by=asker())


def test_a_run_that_stopped_before_open_gives_its_slot_back(preparing: Stations, asker: Callable[[], User]) -> None:
    actions.cancel_run(run=preparing.run, reason="invented", by=asker())
    assert preparing.hints("beta") == ["cancel"]
    again = actions.retry_run(run=Run.objects.get(pk=preparing.run.pk), by=asker())
    assert (again.slot, again.pk != preparing.run.pk) == (1, True)
