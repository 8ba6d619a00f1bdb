"""``python -m bench``: what bin/bench starts. Measures, prints, and compares with the targets; results on stdout."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench import households, measuring, road, showing, subjects

SIZES = (10_000, 100_000)


def main() -> int:
    options = _parser().parse_args()
    try:
        if options.households:
            return _households(options.json)
        return _road(options.json) if options.road else _engine(options)
    except (measuring.WrongAnswer, road.NotReleased) as wrong:
        print(wrong, file=sys.stderr)
        return 1


def _engine(options: argparse.Namespace) -> int:
    sizes = options.rows or (SIZES[:1] if options.quick else SIZES)
    measured = []
    with tempfile.TemporaryDirectory(prefix="nicpet-bench-") as folder:
        for rows in sizes:
            for givers in (3, 2):
                subject = subjects.make(Path(folder) / f"{givers}-{rows}", rows=rows, givers=givers)
                _say(f"measuring {subject.name}")
                measured.append(measuring.measure(subject))
    if options.json:
        print(json.dumps({"grouped_counts": [m.document() for m in measured]}))
    else:
        print(showing.engine_table(measured))
    return 0


def _road(as_json: bool) -> int:
    _say("walking the road of kvk")
    walked = road.walk()
    print(json.dumps({"road": walked.document()}) if as_json else showing.road_table(walked))
    return 0


def _households(as_json: bool) -> int:
    _say("measuring 20,000 households")
    with tempfile.TemporaryDirectory(prefix="nicpet-bench-") as folder:
        measured = households.measure(Path(folder))
    print(json.dumps({"households": measured.document()}) if as_json else households.table(measured))
    return 0


def _say(text: str) -> None:
    print(f"  {text} ...", file=sys.stderr, flush=True)


def _rows(text: str) -> int:
    rows = int(text.replace("_", "").replace(",", ""))
    if not 100 <= rows <= 1_000_000:
        raise argparse.ArgumentTypeError("between 100 and 1,000,000 rows")
    return rows


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measures the engine, or with --road the road.")
    parser.add_argument("--rows", type=_rows, nargs="+", metavar="N", help="rows per party (10,000 and 100,000)")
    parser.add_argument("--quick", action="store_true", help="10,000 rows only")
    parser.add_argument("--road", action="store_true", help="walk bin/demo --run kvk: orchestration and memory")
    parser.add_argument("--households", action="store_true", help="household threshold, 20,000 households")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser


if __name__ == "__main__":
    sys.exit(main())
