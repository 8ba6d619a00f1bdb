"""What the invented people write is enough: every example has a legal basis for every cell of its specification."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from demo import examples
from demo.dossier import Dossier
from station.contract.coverage import covers, needed

LARGE, SLOW = ("aio", "convicted", "energy"), pytest.mark.slow
TODAY, LAPSED = date(2026, 3, 2), {"aio-2025": date(2025, 9, 2)}


@pytest.mark.parametrize("name", [pytest.param(n, marks=SLOW if n in LARGE else ()) for n in examples.EXAMPLES])
def test_every_cell_of_an_example_has_its_row(name: str, tmp_path: Path) -> None:
    today = LAPSED.get(name, TODAY)
    spec = examples.get(name).plan(tmp_path, today).specification
    dossier = Dossier(name.replace("-", "_"))
    rows = {party.organisation: dossier.bases(spec, party, today) for party in spec.parties}
    without = [
        cell
        for cell in needed(spec)
        if not any(row.operation == cell.operation and covers(row, cell.kind) for row in rows[cell.organisation])
    ]
    assert not without
    assert all("niet geverifieerd" in row.provision for own in rows.values() for row in own)
