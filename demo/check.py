"""``python -m demo.check``: whether an example, or a specification file with its data, can be walked.

Asked before anything starts, so without Django."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import yaml

from demo import examples, own_data
from demo.people import speaks
from station import analyses
from station.engine.available import engines
from station.reasons import Refused


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.check")
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument("--spec", type=Path)
    parser.add_argument("--engine", default="")
    given = parser.parse_args()
    try:
        if given.spec:
            own_data.check_files(own_data.read(given.spec, today=date.today()))
        else:
            _check_engine(examples.get(given.name).name, given.engine)
    except Refused as refusal:
        for reason in refusal.reasons:
            print(reason.text(speaks()), file=sys.stderr)
        return 1
    return 0


def _check_engine(name: str, engine: str) -> None:
    """Refused unless the example's analysis can be computed with this engine, and it is installed here."""
    if not engine:
        return
    path = examples.folder_of(name) / "specification.yaml"
    analysis = str(yaml.safe_load(path.read_text("utf-8"))["analysis"])
    if engine not in analyses.get(analysis).engines:
        raise Refused("engine.unknown", engine=engine, analysis=analysis)
    if engine not in engines():
        raise Refused("engine.not_installed", engine=engine)


if __name__ == "__main__":
    sys.exit(main())
