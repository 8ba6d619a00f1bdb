"""The commands and their arguments, in one table of argparse."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from station.agent.platform import Away
from station.cli import contracts, datasets, outputs, setting_up, working
from station.cli.words import Voice, language_of
from station.home import Home
from station.reasons import Refused

Command = Callable[[Home, Voice, argparse.Namespace], int | None]


def main(arguments: list[str]) -> int:
    """Runs one command; never a traceback for what a person can mend."""
    os.umask(0o077)
    given = parser().parse_args(arguments)
    home, voice = Home(given.home), Voice(language_of(given.home))
    run: Command = given.run
    try:
        return run(home, voice, given) or 0
    except Refused as refusal:
        voice.refuse(refusal.reasons)
        return 1
    except Away:
        voice.say("platform_away")
        return 3
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="station", description="Data station: checks, signs and computes for one partner."
    )
    place = Path(os.environ.get("STATION_HOME", "station-home"))
    top.add_argument("--home", type=Path, default=place, help="the station's own directory (or STATION_HOME)")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    init = _command(commands, "init", setting_up.init, "make a station directory with a new key")
    init.add_argument("--organisation", required=True, help="key of the organisation on the platform")
    init.add_argument("--platform", required=True, help="address of the platform, https://...")
    init.add_argument("--listen", default="127.0.0.1:9443", help="host:port for the other stations, open during a run")
    init.add_argument("--address", help="host:port under which the others reach it, when that differs")
    init.add_argument("--language", choices=("nl", "en"), default="nl")
    enroll = _command(commands, "enroll", setting_up.enroll, "make the station known to the platform")
    enroll.add_argument("--token", help="the one-time token from the organisation's page; asked when left out")
    _command(commands, "doctor", setting_up.doctor, "check everything that a first run needs")
    _command(commands, "status", working.status, "what this station holds, did and waits for")
    _command(commands, "run", working.run, "ask for work and do it, until stopped")
    _dataset(_group(commands, "dataset", "the partner's own data"))
    _contracts(commands)
    _outputs(_group(commands, "output", "tables to check, or received"))
    return top


def _dataset(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = _command(group, "add", datasets.add, "register a CSV or Parquet file, or generate synthetic rows")
    add.add_argument("file", type=Path, help="the data file; with --synthetic: the schema file (YAML)")
    add.add_argument("--schema", type=Path, help="schema file (YAML); inferred and shown when left out")
    add.add_argument("--name", help="key of the dataset, when the schema is inferred")
    add.add_argument("--synthetic", action="store_true", help="generate invented rows from the schema file")
    add.add_argument("--replace", action="store_true", help="replace a registered dataset of that name")
    add.add_argument("--yes", action="store_true", help="do not ask to confirm an inferred schema")
    add.add_argument("--offline", action="store_true", help="do not announce it to the platform now")
    _command(group, "list", datasets.show, "the registered datasets")
    _command(group, "announce", datasets.announce, "announce all registered datasets to the platform")


def _contracts(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listing = _command(commands, "contracts", contracts.listing, "contracts, and what they wait for")
    detail = listing.add_subparsers(metavar="show")
    show = _command(detail, "show", contracts.show, "read a contract by this station's own template")
    show.add_argument("id", help="(the beginning of) the contract hash")
    show.add_argument("--documents", action="store_true", help="also the documents it rests on")
    sign = _command(commands, "sign", contracts.sign, "sign a contract for this organisation")
    sign.add_argument("id")
    sign.add_argument("--code", help="the contract code from the agreement on paper; asked when left out")
    sign.add_argument("--function", help="function of the person who decided")
    sign.add_argument("--reference", help="reference of that person's mandate")
    sign.add_argument("--valid-to", help="last day of the mandate (2026-12-31)")
    revoke = _command(commands, "revoke", contracts.revoke, "withdraw from a contract; works without the platform")
    revoke.add_argument("id")
    revoke.add_argument("--reason", help="why; asked when left out")


def _outputs(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    show = _command(group, "show", outputs.show, "print a table that waits for a check, or was received")
    show.add_argument("id", metavar="RUN", nargs="?", help="(the beginning of) the run; all when left out")
    show.add_argument("--json", action="store_true", help="as one JSON object")
    for kind in ("release", "withhold"):
        decide = _command(group, kind, outputs.decide, f"{kind} a checked table")
        decide.set_defaults(kind=kind)
        decide.add_argument("id", metavar="RUN")
        decide.add_argument("--output", help="name of the output, when the run has more than one")
        decide.add_argument("--reasons", help="why; asked when left out")
        decide.add_argument("--function", help="function of the person who checked; asked when left out")


def _group(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    return commands.add_parser(name, help=text, description=text).add_subparsers(metavar="COMMAND", required=True)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Command, text: str
) -> argparse.ArgumentParser:
    found = commands.add_parser(name, help=text, description=text)
    found.set_defaults(run=run)
    return found
