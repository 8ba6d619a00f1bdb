"""``python -m demo``: what bin/demo starts on an instance that runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import django


def main() -> int:
    options = _parser().parse_args()
    django.setup()
    from demo.people import speaks
    from demo.stations import CommandFailed
    from demo.waiting import NotThere
    from station.reasons import Refused

    try:
        return _give(options)
    except Refused as refusal:
        for reason in refusal.reasons:
            print(reason.text(speaks()), file=sys.stderr)
    except (CommandFailed, NotThere) as failure:
        print(failure, file=sys.stderr)
    return 1


def _give(options: argparse.Namespace) -> int:
    if options.command == "run":
        from demo import lapsed
        from demo.run import run

        if options.name == lapsed.NAME:
            return lapsed.run(as_json=options.json)
        return run(options.name, options.spec, as_json=options.json, engine=options.engine)
    if options.command == "report":
        from demo.report import report

        return report(options.file)
    if options.command == "load":
        from demo.load import load

        return load()
    from demo.welcome import show

    return show()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo", description="The demo, on an instance that runs.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("load", help="fill the demo for the browser")
    commands.add_parser("accounts", help="print the address and the accounts")
    report = commands.add_parser("report", help="walk the kvk example to its adopted DPIA and write that as a PDF")
    report.add_argument("file", type=Path)
    run = commands.add_parser("run", help="walk one example, or your own specification, to its released result")
    run.add_argument("name", nargs="?")
    run.add_argument("--spec", type=Path)
    run.add_argument("--json", action="store_true")
    run.add_argument("--engine", default="")
    return parser


if __name__ == "__main__":
    sys.exit(main())
