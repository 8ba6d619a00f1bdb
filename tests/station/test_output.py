"""Shares of a table: put together, checked before they are believed, sealed for one receiver of one attempt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.contract.canonical import canonical, load
from station.contract.signatures import new_key
from station.output import reconstruct, share_document, table
from station.reasons import Refused
from station.sealing import seal, unseal
from tests.station.engine.questions import Question, debts, register

P = 2**61 - 1
NAMES = ("alpha", "beta", "gamma")


def shares(values: list[int], slopes: list[int]) -> list[dict]:
    return [
        share_document(
            session="s", output="table", sender=name, point=point, modulus=P,
            values=[(value + slope * point) % P for value, slope in zip(values, slopes, strict=True)],
        )
        for point, name in enumerate(NAMES, 1)
    ]  # fmt: skip


def refusal(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reasons[0].code


@given(st.lists(st.tuples(st.integers(0, P - 1), st.integers(0, P - 1))), st.permutations([0, 1, 2]))
def test_three_shares_in_any_order_give_the_values(pairs, order):
    made = shares([value for value, _ in pairs], [slope for _, slope in pairs])
    assert reconstruct([made[place] for place in order]) == [value for value, _ in pairs]


@given(st.integers(0, 2), st.integers(0, 1), st.integers(1, P - 1))
def test_a_changed_value_is_noticed(who, where, by):
    made = shares([5, 7], [11, 13])
    made[who]["values"][where] = str((int(made[who]["values"][where]) + by) % P)
    assert refusal(lambda: reconstruct(made)) == "output.not_on_a_line"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda made: made.pop(), "output.three_shares"),
        (lambda made: made.append(made[0]), "output.three_shares"),
        (lambda made: made[1].update(point=1), "output.three_shares"),
        (lambda made: made[1].update(sender="alpha"), "output.not_together"),
        (lambda made: made[1].update(session="t"), "output.not_together"),
        (lambda made: made[1].update(output="other"), "output.not_together"),
        (lambda made: made[1].update(modulus=str(2**89 - 1)), "output.not_together"),
        (lambda made: made[1].update(values=["1"], shape=[1]), "output.not_together"),
        (lambda made: made[1].update(shape=[3]), "output.share_form"),
        (lambda made: made[1].update(values=["1", str(P)]), "output.share_form"),
        (lambda made: made[1].update(values=["1", "-1"]), "output.share_form"),
        (lambda made: made[1].update(values=["1", "x"]), "output.share_form"),
        (lambda made: made[1].update(values=None), "output.share_form"),
        (lambda made: made[1].update(modulus="1"), "output.share_form"),
        (lambda made: made[1].update(extra=1), "output.share_form"),
        (lambda made: made[1].pop("point"), "output.share_form"),
    ],
)
def test_shares_that_do_not_belong_together_are_refused(change, code):
    made = shares([5, 7], [11, 13])
    change(made)
    assert refusal(lambda: reconstruct(made)) == code


def test_a_table_has_its_labels_and_its_gaps():
    spec = Question("alpha", {"alpha": register({"Ede": 1, "Urk": 1}), "beta": debts([0])}, ["place"]).specification
    assert table(spec, spec.outputs[0], [3, 0]) == {
        "columns": ["place", "count"], "rows": [["Ede", 3], ["Urk", None]], "suppressed": 1,
    }  # fmt: skip
    assert refusal(lambda: table(spec, spec.outputs[0], [3])) == "output.shape"


# --- sealed ---

NAMED = {"session": "s", "output": "table", "sender": "alpha", "receiver": "beta"}


def test_only_the_receiver_opens_it_and_only_as_what_it_is():
    key, share = new_key(), shares([5, 7], [11, 13])[0]
    sealed = seal(share, "beta", key)
    assert unseal(sealed, key, **NAMED) == load(canonical(share))
    assert refusal(lambda: unseal(sealed, new_key(), **NAMED)) == "output.sealed_wrong"
    for name in NAMED:
        assert refusal(lambda name=name: unseal(sealed, key, **(NAMED | {name: "another"}))) == "output.sealed_other"


def test_what_is_sealed_cannot_be_read_or_changed():
    key, share = new_key(), shares([123456789, 7], [11, 13])[0]
    sealed = seal(share, "beta", key)
    assert share["values"][0] not in sealed
    header, *rest = sealed.split(".")
    for place in range(len(rest)):
        if rest[place]:
            changed = [*rest[:place], ("B" if rest[place][0] == "A" else "A") + rest[place][1:], *rest[place + 1 :]]
            assert refusal(lambda changed=changed: unseal(".".join([header, *changed]), key, **NAMED))
    assert seal(share, "beta", key) != sealed


@pytest.mark.parametrize("nonsense", ["", "a.b", "....", None, 3, "é" * 10, "x" * (17 << 20)])
def test_nonsense_is_refused(nonsense):
    assert refusal(lambda: unseal(nonsense, new_key(), **NAMED)) in ("output.sealed_form", "output.sealed_wrong")


def test_all_names_must_be_expected():
    with pytest.raises(TypeError, match="session, output, sender, receiver"):
        unseal("x", new_key(), session="s")
