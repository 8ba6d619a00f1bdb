"""bin/test: static checks, then pytest on a real PostgreSQL, Valkey, stations and browser of its own."""

import argparse
import os
import subprocess

from bin.machine import browser, checks, setup
from bin.machine.instance import passing
from bin.machine.paths import PYTHON, ROOT
from bin.machine.say import Trouble, Voice, line, warn

NOTHING_COLLECTED = 5
WORKERS = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
"""A file's tests share their stations and pages; the longest files come first (tests/conftest.py)."""


def main(arguments: list[str]) -> int:
    options, for_pytest = _parser().parse_known_args(arguments)
    Voice.quiet = options.quiet
    setup.prepare(tests=True)
    chromium = {} if options.no_browser else _browser()
    skip_browser = options.no_browser or not chromium
    with passing("test") as instance:
        environment = {**instance.environment(), **chromium}
        failed = [] if for_pytest else checks.failing(environment)
        code = _pytest(for_pytest, _marks(options, skip_browser), environment)
    if failed:
        warn(f"Also failing: {', '.join(failed)} (see above).")
    return code or bool(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Sets up, checks and tests NICPET. Arguments for pytest may follow; then only pytest runs.",
    )
    parser.add_argument("--slow", action="store_true", help="the slow tests too")
    parser.add_argument("--browser-only", action="store_true", help="only the tests in a browser")
    parser.add_argument("--no-browser", action="store_true", help="without the tests in a browser")
    parser.add_argument("--quiet", action="store_true", help="no progress of the set-up")
    return parser


def _browser() -> dict[str, str]:
    """Missing is a failure where the result counts (CI), elsewhere a warning."""
    try:
        return browser.ensure()
    except Trouble as trouble:
        if os.environ.get("CI"):
            raise
        warn(f"{trouble}\nGoing on without the tests in a browser.")
        return {}


def _marks(options: argparse.Namespace, skip_browser: bool) -> list[str]:
    wanted = [
        *([] if options.slow else ["not slow"]),
        *(["not browser"] if skip_browser else []),
        *(["browser"] if options.browser_only else []),
    ]
    return ["-m", " and ".join(wanted)] if wanted else []


def _pytest(arguments: list[str], marks: list[str], environment: dict[str, str]) -> int:
    """Without arguments three processes share the tests, which wait half of the time; single files run in one."""
    workers = [] if arguments else WORKERS
    own_settings = [] if (ROOT / "nicpet/settings.py").exists() else ["-p", "no:django"]
    line("  Testing ...")
    done = subprocess.run(
        [PYTHON, "-m", "pytest", *own_settings, *workers, *marks, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL if os.environ.get("CI") else None,
    )
    return 0 if done.returncode == NOTHING_COLLECTED and not arguments else done.returncode
