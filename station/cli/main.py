"""The commands and their arguments, in one table of argparse."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from station.agent.platform import Away
from station.cli import contracts, datasets, objections, outputs, queries, results, setting_up, working
from station.cli.words import LANGUAGES, Voice, language_of
from station.home import Home
from station.reasons import Reason, Refused

Command = Callable[[Home, Voice, argparse.Namespace], int | None]
Commands = argparse._SubParsersAction  # of ArgumentParser
CONTRACT = "the contract's hash, or its first characters; see: contracts"
DECISIONS = {
    "release": "let a checked table go to its recipients",
    "withhold": "let a checked table go to nobody; it is destroyed here",
}


def main(arguments: list[str]) -> int:
    """Runs one command; never a traceback for what a person can mend."""
    os.umask(0o077)
    given = parser().parse_args(arguments)
    home, voice = Home(given.home), Voice(getattr(given, "language", None) or language_of(given.home))
    run: Command = given.run
    try:
        return run(home, voice, given) or 0
    except Refused as refusal:
        voice.refuse(refusal.reasons)
    except Away:
        voice.say("platform_away")
        return 3
    except BrokenPipeError:  # whoever read along, as in "| head", has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except (OSError, sqlite3.OperationalError) as error:
        path = getattr(error, "filename", None) or given.home
        voice.refuse([Reason("home.no_access", {"path": str(path), "kind": type(error).__name__})])
    except KeyboardInterrupt:
        return 130
    return 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m station",
        description="Data station: checks, signs and computes for one partner. In the order of a first time: "
        "init, enroll, dataset add, doctor, run (leave it running), contracts, contracts show, sign.",
        epilog="Exit codes: 0 done, 1 refused with reasons, 2 wrong call, 3 the platform cannot be reached. "
        "docs/station.md explains each step.",
    )
    place = Path(os.environ.get("STATION_HOME", "station-home"))
    where = "the station's own directory (or STATION_HOME; %(default)s)"
    top.add_argument("--home", metavar="DIR", type=Path, default=place, help=where)
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _setting_up(commands)
    _dataset(_group(commands, "dataset", "the partner's own data"))
    _objections(_group(commands, "objection", "people whose rows stay out of every run"))
    _queries(_group(commands, "query", "what was answered about the own people, and what was not"))
    _contracts(commands)
    _outputs(_group(commands, "output", "tables to check, or received"))
    _results(_group(commands, "result", "results that name persons or cases, for this station alone"))
    return top


def _setting_up(commands: Commands) -> None:
    init = _command(commands, "init", setting_up.init, "make a station directory with a new key")
    init.add_argument("--organisation", metavar="KEY", required=True, help="the organisation on the platform: kvk")
    init.add_argument("--platform", metavar="URL", required=True, help="the platform: https://nicpet.example")
    init.add_argument(
        "--listen", metavar="HOST:PORT", default="127.0.0.1:9443",
        help="where the other stations come in during a run; 0.0.0.0:9443 for all networks (%(default)s)",
    )  # fmt: skip
    init.add_argument("--address", metavar="HOST:PORT", help="how the others reach it, when that is not --listen")
    init.add_argument("--language", choices=LANGUAGES, default="nl", help="what the station speaks (%(default)s)")
    enroll = _command(commands, "enroll", setting_up.enroll, "make the station and its key known to the platform")
    enroll.add_argument("--token", help="the one-time token from the organisation's page; asked when left out")
    _command(commands, "doctor", setting_up.doctor, "check everything that a first run needs, and say what to mend")
    _command(commands, "status", working.status, "what this station holds, did and waits for")
    _command(commands, "run", working.run, "ask the platform for work and do it, until stopped (Ctrl-C)")


def _dataset(group: Commands) -> None:
    add = _command(group, "add", datasets.add, "register a CSV or Parquet file, or generate synthetic rows")
    add.add_argument("file", type=Path, help="the data file; with --synthetic: the schema file (YAML)")
    add.add_argument(
        "--schema", metavar="FILE", type=Path, help="schema file (YAML); when left out, inferred, shown and confirmed"
    )
    add.add_argument("--name", metavar="KEY", help="key of the dataset, when the schema is inferred")
    add.add_argument("--synthetic", action="store_true", help="generate invented rows from the schema file")
    add.add_argument("--replace", action="store_true", help="replace a registered dataset of that name")
    add.add_argument("--yes", action="store_true", help="do not ask to confirm an inferred schema")
    add.add_argument("--offline", action="store_true", help="do not announce it to the platform now")
    _command(group, "list", datasets.show, "the registered datasets")
    _command(group, "announce", datasets.announce, "announce all registered datasets to the platform")


def _objections(group: Commands) -> None:
    for name, run, what in (
        ("add", objections.add, "leave the rows with these ids out of every next run"),
        ("remove", objections.remove, "take ids off the list, when an objection was withdrawn"),
    ):
        command = _command(group, name, run, what)
        command.add_argument("dataset", metavar="DATASET", help="key of a registered dataset")
        command.add_argument("column", metavar="COLUMN", help="the column that holds the ids")
        command.add_argument("file", metavar="FILE", type=Path, help="text file with one id on each line")
    _command(group, "list", objections.show, "how many ids stand on each list; never which")


def _queries(group: Commands) -> None:
    _command(group, "list", queries.listing, "what was answered, to whom, about how many people")
    _command(group, "refusals", queries.refusals, "why runs were refused; told here and nowhere else")
    allow = _command(group, "allow", queries.allow, "let one next run differ by few people: steward and DPO together")
    allow.add_argument("id", metavar="CONTRACT", help=CONTRACT)
    allow.add_argument("--steward", metavar="FUNCTION", help="function of the data steward; asked when left out")
    allow.add_argument("--dpo", metavar="FUNCTION", help="function of the data protection officer; asked when left out")
    allow.add_argument("--reasons", help="why; asked when left out")
    cut = _command(group, "cut", queries.cut, "let conditions cut a column at one more place")
    cut.add_argument("dataset", metavar="DATASET", help="key of a registered dataset")
    cut.add_argument("column", metavar="COLUMN", help="the column")
    cut.add_argument("cut", metavar="CUT", help="a number (cut between it and the next), or =TEXT (that text apart)")


def _contracts(commands: Commands) -> None:
    listing = _command(commands, "contracts", contracts.listing, "list contracts and what they wait for; or show one")
    detail = listing.add_subparsers(metavar="COMMAND", title="to read one")
    show = _command(detail, "show", contracts.show, "read a contract by this station's own template")
    show.add_argument("id", metavar="CONTRACT", help=CONTRACT)
    show.add_argument("--documents", action="store_true", help="also the documents it rests on")
    sign = _command(commands, "sign", contracts.sign, "check a contract and sign it for this organisation")
    sign.add_argument("id", metavar="CONTRACT", help=CONTRACT)
    sign.add_argument("--code", help="the contract code from the agreement on paper; asked when left out")
    sign.add_argument("--function", help="function of the mandated person who decided; asked when left out")
    sign.add_argument("--reference", help="reference of that person's mandate; asked when left out")
    sign.add_argument("--valid-to", metavar="DAY", help="last day of the mandate: 2026-12-31; asked when left out")
    revoke = _command(commands, "revoke", contracts.revoke, "withdraw from a contract; works without the platform")
    revoke.add_argument("id", metavar="CONTRACT", help=CONTRACT)
    revoke.add_argument("--reason", help="why; asked when left out")


def _outputs(group: Commands) -> None:
    show = _command(group, "show", outputs.show, "print a table that waits for a check, or was received")
    show.add_argument("id", metavar="RUN", nargs="?", help="(the beginning of) the run; all when left out")
    show.add_argument("--json", action="store_true", help="as one JSON object")
    for kind in ("release", "withhold"):
        decide = _command(group, kind, outputs.decide, DECISIONS[kind])
        decide.set_defaults(kind=kind)
        decide.add_argument("id", metavar="RUN", help="(the beginning of) the run; see: output show")
        decide.add_argument("--output", metavar="NAME", help="name of the output, when the run has more than one")
        decide.add_argument("--reasons", help="why; asked when left out")
        decide.add_argument("--function", help="function of the person who checked; asked when left out")


def _results(group: Commands) -> None:
    show = _command(group, "show", results.show, "open a result that names persons or cases, and print it")
    show.add_argument("id", metavar="RUN", nargs="?", help="(the beginning of) the run; all when left out")
    show.add_argument("--json", action="store_true", help="as one JSON object")
    _command(group, "list", results.listing, "which there are, until when, and which were destroyed")


def _group(commands: Commands, name: str, text: str) -> Commands:
    return commands.add_parser(name, help=text, description=text).add_subparsers(metavar="COMMAND", required=True)


def _command(commands: Commands, name: str, run: Command, text: str) -> argparse.ArgumentParser:
    found = commands.add_parser(name, help=text, description=text)
    found.set_defaults(run=run)
    return found
