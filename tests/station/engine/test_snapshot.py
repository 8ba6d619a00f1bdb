"""The hash of the rows behind a run: the same rows have the same one, any other rows another."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from station.datasets import Rows
from station.engine.attempt import snapshot

TEXTS = st.text(max_size=4)
ROWS = st.dictionaries(st.text(min_size=1, max_size=4), st.tuples(st.integers(-3, 3), TEXTS), min_size=1, max_size=6)


def read(rows: dict[str, tuple[int, str]], order: list[str] | None = None) -> dict[str, Rows]:
    ids = order or list(rows)
    columns = {"n": np.array([rows[i][0] for i in ids], dtype=np.int64), "t": [rows[i][1] for i in ids]}
    return {"input": Rows(ids, columns)}


@given(ROWS, st.data())
def test_the_order_of_rows_does_not_matter(rows, data):
    order = data.draw(st.permutations(list(rows)))
    assert snapshot(read(rows), "run") == snapshot(read(rows, order), "run")


@given(ROWS, ROWS)
def test_other_rows_have_another_hash(one, other):
    assert (snapshot(read(one), "run") == snapshot(read(other), "run")) == (one == other)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_text_cannot_move_from_one_cell_to_the_next(a, b, c, d):
    one, other = ({"i": Rows([first], {"t": [second]})} for first, second in ((a, b), (c, d)))
    assert (snapshot(one, "run") == snapshot(other, "run")) == ((a, b) == (c, d))


@given(ROWS)
def test_two_runs_over_the_same_rows_look_different(rows):
    assert snapshot(read(rows), "one run") != snapshot(read(rows), "another run")
