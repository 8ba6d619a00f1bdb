"""What a station says it can compute with, and who is told when one lacks an engine."""

from datetime import date

import pytest

from audit.models import Event
from collaborations import gate
from computations import engines
from computations.models import DataStation
from tests.computations.trial import Stations


@pytest.fixture
def stations(make_stations) -> Stations:
    return make_stations(signers=())


def test_a_station_says_what_it_has_and_the_same_twice_is_no_news(stations):
    alfa = stations.sides["alfa"]
    for names in (["spu", "mpyc"], ["mpyc", "spu"]):
        assert alfa.call("PUT", "engines", {"engines": names}).status_code == 200
    assert DataStation.objects.get(organisation=alfa.organisation).engines == ["mpyc", "spu"]
    assert Event.objects.filter(type="station.engines").count() == 1


def test_what_is_no_list_of_names_is_refused(stations):
    for wrong in ("spu", ["SPU; rm"], [1], ["x"] * 11):
        answer = stations.sides["alfa"].call("PUT", "engines", {"engines": wrong})
        assert (answer.status_code, answer.document["reasons"][0]["code"]) == (400, "request.body")
    assert DataStation.objects.get(organisation__slug="alfa").engines == []


def test_who_lacks_an_engine_is_known_by_name(stations):
    everybody = ["alfa", "beta", "gamma", "nobody"]
    assert engines.lacking("mpyc", everybody) == []
    assert engines.lacking("spu", everybody) == everybody
    stations.sides["beta"].call("PUT", "engines", {"engines": ["spu"]})
    assert engines.lacking("spu", everybody) == ["alfa", "gamma", "nobody"]


def test_the_gate_asks_every_computing_party_for_the_engine(stations):
    contract = stations.contract
    spec = contract.read().specification.model_copy(update={"engine": "spu"})
    case = gate.Case(contract.use_case, contract, date.today(), "draft", spec)

    def missing() -> list[tuple[str, str]]:
        return [(turn.code, turn.who) for turn in engines.engine_everywhere(case)]

    assert missing() == [("gate.engine_missing", key) for key in ("alfa", "beta", "gamma")]
    for key in ("alfa", "gamma"):
        stations.sides[key].call("PUT", "engines", {"engines": ["mpyc", "spu"]})
    assert missing() == [("gate.engine_missing", "beta")]
    assert engines.engine_everywhere in gate._added
