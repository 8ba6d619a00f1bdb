"""Who may call: only an enrolled station, with a fresh signature over exactly this request."""

import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver

from accounts.models import Organisation, User
from computations import actions
from computations.api import urls
from computations.models import DataStation, Nonce
from tests.computations.station_side import StationSide, codes

RUN = "00000000-0000-4000-8000-000000000000"


def test_work_is_answered_with_the_database_time_and_a_doorbell(side: StationSide) -> None:
    answer = side.call("GET", "work")
    assert answer.status_code == 200
    assert abs(answer.document["now"] - time.time()) < 5
    assert answer.document["hints"] == []
    assert answer.document["doorbell"]["url"].startswith("http")
    assert answer["API-Version"]
    assert DataStation.objects.get().seen_at is not None


@pytest.mark.parametrize("path", [str(pattern.pattern) for pattern in urls.urlpatterns])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_no_address_answers_without_a_signature(db: None, path: str, method: str) -> None:
    for part, value in {
        "<slug:key>": "a", "<str:sha256>": "a" * 64, "<uuid:run>": RUN, "<int:attempt>": "1", "<slug:output>": "t",
    }.items():  # fmt: skip
        path = path.replace(part, value)
    answer = Client().generic(method, f"/station/v1/{path}", b'{"statement":"a.b.c"}', content_type="application/json")
    assert answer.status_code in (400, 401, 405), answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_every_address_is_under_station_v1() -> None:
    assert [p for p in get_resolver().url_patterns if str(p.pattern) == "station/v1/"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": "PUT"}, "request.another_call"),
        ({"path": "/station/v1/contracts/x"}, "request.another_call"),
        ({"body_sha256": "0" * 64}, "request.another_body"),
        ({"at": int(time.time()) - 600}, "request.clock"),
        ({"at": int(time.time()) + 600}, "request.clock"),
        ({"extra": 1}, "statement.field"),
        ({"header": "NICPET a.b.c"}, "signature."),
        ({"header": "Bearer x"}, "request.unsigned"),
    ],
)
def test_a_signature_over_something_else_is_refused(side: StationSide, change: dict, code: str) -> None:
    answer = side.call("GET", "work", **change)
    assert answer.status_code in (400, 401)
    assert codes(answer)[0].startswith(code) or codes(answer)[0].startswith("json.")


def test_the_same_request_twice_is_a_replay(side: StationSide) -> None:
    assert side.call("GET", "work", nonce="once-only-1").status_code == 200
    answer = side.call("GET", "work", nonce="once-only-1")
    assert (answer.status_code, codes(answer)) == (401, ["request.replayed"])
    assert Nonce.objects.filter(nonce="once-only-1").count() == 1


def test_a_station_that_never_enrolled_is_unknown(organisation: Organisation) -> None:
    assert codes(StationSide(organisation).call("GET", "work")) == ["request.unknown_station"]


def test_a_suspended_organisation_is_shut_out(side: StationSide) -> None:
    Organisation.objects.update(state="suspended")
    answer = side.call("GET", "work")
    assert (answer.status_code, codes(answer)) == (403, ["organisation.suspended"])
    assert codes(side.call("GET", "work", at=1)) == ["request.clock"], "only its own fresh signature is told so"
    Organisation.objects.update(state="active")
    assert side.call("GET", "work").status_code == 200


def test_a_suspended_organisation_enrols_no_station(organisation: Organisation, person: Callable[..., User]) -> None:
    token = actions.enrolment_token(organisation=organisation, by=person(organisation, "data_steward"))
    Organisation.objects.update(state="suspended")
    assert codes(StationSide(organisation).enrol(token)) == ["organisation.suspended"]
    assert not DataStation.objects.exists()


def test_bodies_hold_exactly_what_is_asked(side: StationSide) -> None:
    for body in ({}, {"statement": 1}, {"statement": "a", "more": 1}, ["statement"]):
        answer = side.call("POST", "statements", body)
        assert (answer.status_code, codes(answer)) == (400, ["request.body"])


def test_a_form_instead_of_json_is_refused_like_any_other_body(db: None) -> None:
    answer = Client().post("/station/v1/enrolments", {"csrfmiddlewaretoken": "x", "statement": "a.b.c"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
