"""The partner's own rules: whatever the others signed, the station's policy counts, from the next decision on."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.policy import DEFAULT, Policy, read_policy
from station.reasons import Refused
from tests.station.example import read, specification

OPEN = {
    "analyses": ["*"], "engines": ["*"], "least_k": 2, "datasets": ["*"], "partners": ["*"], "hours": "00:00-24:00"
}  # fmt: skip
SPEC = read(specification())


def policy(**changes):
    return Policy.model_validate(OPEN | changes)


def codes(reasons):
    for reason in reasons:
        assert "?" not in reason.text("nl") + reason.text("en")
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"analyses": []}, ["policy.analysis"]),
        ({"analyses": ["survival"]}, ["policy.analysis"]),
        ({"analyses": ["grouped_counts"]}, []),
        ({"engines": ["spu"]}, ["policy.engine"]),
        ({"engines": ["mpyc"]}, []),
        ({"least_k": 26}, ["policy.k"]),
        ({"least_k": 25}, []),
        ({"datasets": ["other"]}, ["policy.dataset"]),
        ({"datasets": ["register"]}, []),
        ({"partners": []}, ["policy.partner", "policy.partner"]),
        ({"partners": ["gemeenten"]}, ["policy.partner"]),
        ({"partners": ["belastingdienst", "gemeenten"]}, []),
        ({"partners": [], "least_k": 99, "analyses": []}, ["policy.analysis", "policy.k", *["policy.partner"] * 2]),
    ],
)
def test_what_a_policy_does_not_allow(changes, expected):
    assert codes(policy(**changes).reasons(SPEC, "kvk")) == expected


def test_a_policy_is_about_the_own_datasets():
    """gemeenten gives nothing, so its list of datasets has nothing to say."""
    assert policy(datasets=[]).reasons(SPEC, "gemeenten") == []
    assert codes(policy(datasets=[]).reasons(SPEC, "belastingdienst")) == ["policy.dataset"]


@given(st.integers(2, 10_000), st.integers(2, 10_000))
def test_the_strictest_k_wins(k, least):
    spec = read(specification(disclosure={"k": k, "two_sided": True, "rounding_base": 0}))
    assert codes(policy(least_k=least).reasons(spec, "kvk")) == (["policy.k"] if k < least else [])


def is_open(hours, hour, minute=0):
    return codes(policy(hours=hours).closed(datetime(2026, 11, 24, hour, minute))) == []


@pytest.mark.parametrize(
    ("hours", "when_open", "when_closed"),
    [
        ("00:00-24:00", [(0, 0), (12, 0), (23, 59)], []),
        ("08:00-18:00", [(8, 0), (17, 59)], [(7, 59), (18, 0), (0, 0)]),
        ("22:00-06:00", [(22, 0), (23, 59), (0, 0), (5, 59)], [(6, 0), (21, 59), (12, 0)]),
        ("18:00-24:00", [(18, 0), (23, 59)], [(0, 0), (17, 59)]),
        ("18:00-00:00", [(18, 0), (23, 59)], [(0, 0), (17, 59)]),
        ("08:00-08:00", [(0, 0), (7, 59), (8, 0), (23, 59)], []),
    ],
)
def test_hours(hours, when_open, when_closed):
    assert all(is_open(hours, *time) for time in when_open)
    assert not any(is_open(hours, *time) for time in when_closed)


@given(st.times(), st.times())
def test_a_range_and_the_rest_of_the_day_never_overlap(start, end):
    one, other = f"{start:%H:%M}-{end:%H:%M}", f"{end:%H:%M}-{start:%H:%M}"
    if f"{start:%H:%M}" != f"{end:%H:%M}":
        assert all(
            is_open(one, hour, minute) != is_open(other, hour, minute) for hour in range(24) for minute in (0, 30)
        )


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"least_k": 1}, "least_k"),
        ({"least_k": "10"}, "least_k"),
        ({"least_k": 10.5}, "least_k"),
        ({"hours": "always"}, "hours"),
        ({"hours": "8:00-18:00"}, "hours"),
        ({"hours": "24:00-06:00"}, "hours"),
        ({"hours": "00:00-24:30"}, "hours"),
        ({"hours": "00:60-12:00"}, "hours"),
        ({"partners": "*"}, "partners"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path, changes, where):
    lines = [
        f"{name} = {str(value).lower() if isinstance(value, bool) else value!r}"
        for name, value in (OPEN | changes).items()
    ]
    reason = refused(tmp_path, "\n".join(lines))
    assert (reason.code, reason.facts["where"]) == ("policy.field", where)


@pytest.mark.parametrize("name", OPEN)
def test_a_rule_that_is_left_out_is_no_permission(tmp_path, name):
    lines = [f"{other} = {value!r}" for other, value in OPEN.items() if other != name]
    assert refused(tmp_path, "\n".join(lines)).facts["where"] == name


def refused(tmp_path, text):
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(Refused) as caught:
        read_policy(tmp_path / "policy.toml")
    (reason,) = caught.value.reasons
    return reason


def test_a_policy_that_cannot_be_read(tmp_path):
    assert refused(tmp_path, "least_k = ").code == "file.unreadable"
    with pytest.raises(Refused):
        read_policy(tmp_path / "gone.toml")


def test_a_change_counts_from_the_next_decision(home):
    assert home.policy == read_policy(home.policy_file)
    assert home.policy.reasons(SPEC, "kvk") == []
    home.policy_file.write_text(DEFAULT.replace("least_k = 10", "least_k = 50"))
    assert codes(home.policy.reasons(SPEC, "kvk")) == ["policy.k"]
