"""The fields of every signed statement: all there, nothing more, each of its own form."""

import copy
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.contract.signatures import TYPES, new_key, public
from station.contract.statements import read_statement, schema_digest, session_of
from station.reasons import Refused
from tests.station.contract.test_canonical import DOCUMENTS
from tests.station.example import USE_CASE, days, declared, schema

NOW, HASH, JWK = int(time.time()), "0" * 64, public(new_key())
REASONS = [{"code": "policy.k", "facts": {"k": 3, "least": 10}}]
RUN = {"contract": HASH, "organisation": "kvk", "run": USE_CASE, "attempt": 1}
APPROVAL = {
    "contract": HASH, "organisation": "kvk", "capacity": "controller", "documents": [HASH], "decided_on": days(0),
    "mandate": {"function": "director", "reference": "1", "valid_to": days(9)},
}  # fmt: skip
DECISION = {
    **RUN, "session": HASH, "output": "table", "table_sha256": HASH, "reasons": "", "checked_by": "statistician",
    "at": NOW,
}  # fmt: skip
GOOD: dict[str, dict[str, Any]] = {
    "enrolment": {"organisation": "kvk", "token": "t", "signing_key": JWK, "version": "1", "at": NOW},
    "dataset": {**schema("kvk"), "organisation": "kvk", "sha256": HASH, "synthetic": False, "rows_rounded_up": 1_000,
                "at": NOW},
    "request": {"method": "GET", "path": "/x", "body_sha256": HASH, "at": NOW, "nonce": "12345678"},
    "approval": APPROVAL,
    "trial_approval": APPROVAL,
    "revocation": {"contract": HASH, "organisation": "kvk", "reason": "", "at": NOW},
    "refusal": {**RUN, "reasons": REASONS, "at": NOW},
    "ready": {**RUN, "slot": 1, "highest_used_slot": 0, "not_opened": [1], "snapshot": None, "padded_rows": {"kvk": 9},
              "program": "p", "engine": "mpyc", "tls_cert": None, "address": None, "enc_key": JWK, "log_head": HASH,
              "nonce": "n", "exp": NOW},
    "open": {**RUN, "slot": 1, "session": HASH, "at": NOW},
    "failure": {**RUN, "session": None, "opened": False, "blames": None, "reasons": REASONS, "at": NOW},
    "release": DECISION,
    "withhold": DECISION,
    "received": {"contract": HASH, "organisation": "kvk", "run": USE_CASE, "output": "table", "table_sha256": HASH,
                 "at": NOW},
}  # fmt: skip
FIELDS = [(kind, name) for kind, payload in GOOD.items() for name in payload]


def statement(kind: str, **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GOOD[kind]), "type": kind, **changes}


def where(payload: dict[str, Any]) -> list[str]:
    with pytest.raises(Refused) as caught:
        read_statement(payload)
    assert {reason.code for reason in caught.value.reasons} == {"statement.field"}
    return [str(reason.facts["where"]) for reason in caught.value.reasons]


def test_every_type_is_here():
    assert set(GOOD) == set(TYPES)


@pytest.mark.parametrize("kind", TYPES)
def test_a_good_statement_is_read(kind):
    assert read_statement(statement(kind)).model_dump(mode="json") == statement(kind)


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_no_field_may_be_missing(kind, name):
    payload = statement(kind)
    del payload[name]
    assert where(payload) == [name]


@pytest.mark.parametrize("kind", TYPES)
def test_nothing_may_be_added(kind):
    assert where(statement(kind, surprise=1)) == ["surprise"]


@pytest.mark.parametrize(
    ("kind", "changes", "place"),
    [
        ("ready", {"attempt": 4}, "attempt"),
        ("ready", {"attempt": 0}, "attempt"),
        ("ready", {"slot": 0}, "slot"),
        ("ready", {"slot": True}, "slot"),
        ("ready", {"exp": -1}, "exp"),
        ("ready", {"exp": "soon"}, "exp"),
        ("ready", {"contract": HASH[:-1]}, "contract"),
        ("ready", {"contract": HASH + "\n"}, "contract"),
        ("ready", {"contract": "A" * 64}, "contract"),
        ("ready", {"organisation": "KVK"}, "organisation"),
        ("ready", {"enc_key": {**JWK, "d": "secret"}}, "enc_key.d"),
        ("ready", {"tls_cert": "x" * 4_001}, "tls_cert"),
        ("refusal", {"reasons": []}, "reasons"),
        ("refusal", {"reasons": REASONS * 21}, "reasons"),
        ("refusal", {"reasons": [{"code": "a.b", "facts": {}, "more": 1}]}, "reasons.0.more"),
        ("approval", {"mandate": {**APPROVAL["mandate"], "name": "J. de Vries"}}, "mandate.name"),
        ("approval", {"documents": ["x"]}, "documents.0"),
        ("dataset", {"columns": []}, "columns"),
        ("dataset", {"rows_rounded_up": 12.5}, "rows_rounded_up"),
        ("release", {"run": "../../etc"}, "run"),
        ("request", {"nonce": "short"}, "nonce"),
    ],
)  # fmt: skip
def test_a_field_of_another_form_is_refused(kind, changes, place):
    assert place in where(statement(kind, **changes))


@pytest.mark.parametrize("kind", ["cheque", "", None, 5, "Approval"])
def test_an_unknown_type_is_refused(kind):
    with pytest.raises(Refused) as caught:
        read_statement({**GOOD["approval"], "type": kind})
    assert [reason.code for reason in caught.value.reasons] == ["statement.type"]


@given(st.sampled_from(FIELDS), DOCUMENTS)
def test_any_value_in_any_field_is_read_or_refused(field, value):
    kind, name = field
    try:
        assert read_statement(statement(kind, **{name: value})).model_dump(mode="json")[name] == value
    except Refused as refusal:
        assert all(str(reason.facts["where"]).split(".")[0] == name for reason in refusal.reasons)


READYS = [statement("ready", organisation=key, nonce=key) for key in ("belastingdienst", "gemeenten", "kvk")]


@given(st.permutations(READYS))
def test_a_session_does_not_depend_on_the_order(readys):
    assert session_of(readys) == session_of(READYS)


@pytest.mark.parametrize("name", GOOD["ready"])
def test_whoever_was_told_anything_else_gets_another_session(name):
    other = {"attempt": 2, "slot": 2, "highest_used_slot": 1, "exp": NOW + 1}.get(name, "another")
    for place in range(len(READYS)):
        told = [{**ready, name: other} if i == place else ready for i, ready in enumerate(READYS)]
        assert session_of(told) != session_of(READYS)
    assert session_of(READYS[:2]) != session_of(READYS)


def test_the_schema_hash_holds_what_is_announced():
    columns = declared("kvk")
    same = schema_digest("register", columns, False)
    assert schema_digest("register", copy.deepcopy(columns), False) == same
    others = [
        schema_digest("register", columns, True),
        schema_digest("registers", columns, False),
        schema_digest("register", columns[::-1], False),
        schema_digest("register", columns[:1], False),
        schema_digest("register", [{**columns[0], "data_class": "special"}, *columns[1:]], False),
    ]
    assert len({same, *others}) == len(others) + 1
