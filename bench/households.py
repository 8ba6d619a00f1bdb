"""The household threshold at its stated size: 20,000 households and 60,000 incomes, start included."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bench import engines
from bench.measuring import WrongAnswer
from demo import examples, invented, own_data, plain

PEOPLE, HOUSEHOLDS, TARGET_SECONDS = 29_000, 20_000, 30.0


@dataclass(frozen=True)
class Households:
    """``seconds``: from starting three processes to sealed shares; CPU of the whole process, by party."""

    households: int
    incomes: int
    seconds: float
    cpu: list[float]
    mib: list[int]
    megabytes: list[float]

    def document(self) -> dict[str, Any]:
        return asdict(self) | {"target": TARGET_SECONDS}


def measure(folder: Path) -> Households:
    """Raises WrongAnswer when what was computed is not what plain Python says."""
    recipe = yaml.safe_load((examples.folder_of("aio") / "data.yaml").read_text("utf-8"))
    recipe["lists"]["svb"] |= {"rows": PEOPLE, "first": PEOPLE}
    own = yaml.safe_load((examples.folder_of("aio") / "specification.yaml").read_text("utf-8"))
    own["parties"][0]["padded_rows"] = PEOPLE
    own["parameters"] |= {"households": HOUSEHOLDS + 1_000, "most_selected": HOUSEHOLDS}
    invented.write_recipe(recipe, folder)
    (folder / "specification.yaml").write_text(yaml.safe_dump(own), "utf-8")
    plan = own_data.read(folder / "specification.yaml", today=date.today())
    started = time.monotonic()
    three = asyncio.run(engines.compute(plan.specification, plan.files))
    seconds = time.monotonic() - started
    ended = [three.ended[name] for name in sorted(three.ended)]
    failed = [message for message in ended if message["is"] != "computed"]
    if failed or three.table() != plain.table(plan.specification, plan.files):
        raise WrongAnswer(f"household threshold: {failed or 'another table than plain Python gives'}")
    found = len(plain.households(plan.specification, plan.files))
    return Households(
        found, recipe["lists"]["uwv"]["rows"], round(seconds, 2), cpu=[message["cpu"] for message in ended],
        mib=[message["peak_mib"] for message in ended],
        megabytes=[round(message["traffic"] / 1e6, 1) for message in ended],
    )  # fmt: skip


def table(measured: Households) -> str:
    return "\n".join([
        "household_threshold, engine mpyc: three engine processes over TLS on this machine", "",
        f"{measured.households:,} households, {measured.incomes:,} incomes",
        f"start to sealed shares   {measured.seconds:6.2f} s   target: under {TARGET_SECONDS:.0f} s",
        f"CPU s per party          {' '.join(f'{cpu:.1f}' for cpu in measured.cpu)}",
        f"peak MiB                 {' '.join(map(str, measured.mib))}",
        f"MB sent + received       {' '.join(f'{megabytes:.1f}' for megabytes in measured.megabytes)}",
        "The counts equal those of plain Python.",
    ])  # fmt: skip
