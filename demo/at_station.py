"""``bin/demo station NAME COMMAND``: a station's own command line, with what only an invented person can fill in.

Between real partners a mandate holder decides and an operator signs, and a checker decides under its own function. Here
one command does it for the invented ones, and says so. What is given as an option counts more.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from demo.people import describe
from station.cli import main as station
from station.cli.words import Voice, language_of
from station.reasons import Refused

HELP = {"-h", "--help"}


def mandate() -> list[str]:
    """The options of ``sign`` that say who decided."""
    known = describe()
    return [
        "--function", known["functions"]["mandated_manager"], "--reference", known["mandate"]["reference"],
        "--valid-to", known["mandate"]["last_day"].isoformat(),
    ]  # fmt: skip


def checker() -> list[str]:
    """The option of ``output release`` and ``output withhold`` that says who checked."""
    return ["--function", describe()["functions"]["output_checker"]]


def main(home: Path, arguments: list[str]) -> int:
    place = ["--home", str(home)]
    if arguments[:1] == ["sign"] and not HELP & set(arguments):
        return _sign(place, Voice(language_of(home)), arguments[1:])
    if arguments[:1] == ["output"] and arguments[1:2] in (["release"], ["withhold"]) and not HELP & set(arguments):
        _say("output", Voice(language_of(home)).language, role="output_checker")
        return station([*place, *arguments[:2], *checker(), *arguments[2:]])
    return station([*place, *arguments])


def _sign(place: list[str], voice: Voice, given: list[str]) -> int:
    """Without a code: the contract in full, then the question for the code that stands on the agreement."""
    has_code = any(option.split("=")[0] == "--code" for option in given)
    if not has_code and len(given) == 1 and (shown := station([*place, "contracts", "show", *given])):
        return shown
    _say("sign", voice.language, role="mandated_manager")
    try:
        code = [] if has_code or len(given) != 1 else ["--code", voice.ask("ask_code")]
    except Refused as refusal:
        voice.refuse(refusal.reasons)
        return 1
    return station([*place, "sign", *mandate(), *code, *given])


def _say(act: str, language: str, *, role: str) -> None:
    known = describe()
    facts = {"function": known["functions"][role], "reference": known["mandate"]["reference"]}
    print(known["at_station"][act][language].format(**facts), flush=True)


if __name__ == "__main__":
    if sys.argv[2:3] != ["run"]:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # as in: ... output show | head
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
