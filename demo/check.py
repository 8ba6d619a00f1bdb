"""``python -m demo.check``: whether an example, or a specification file with its data, can be walked.

Asked before anything starts, so without Django."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from demo import examples, own_data
from demo.people import speaks
from station.reasons import Refused


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.check")
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument("--spec", type=Path)
    given = parser.parse_args()
    try:
        if given.spec:
            own_data.check_files(own_data.read(given.spec, today=date.today()))
        else:
            examples.get(given.name)
    except Refused as refusal:
        for reason in refusal.reasons:
            print(reason.text(speaks()), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
