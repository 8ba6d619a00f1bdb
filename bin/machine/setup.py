"""bin/setup: everything the platform needs, and nothing twice."""

import argparse

from bin.machine import assets, engines, locks, pango, project, say, venv, wheels
from bin.machine.paths import VAR
from bin.machine.say import Voice


def prepare(*, tests: bool = False, engine: str = "") -> None:
    """Idempotent; a second one that starts meanwhile waits for the first."""
    with locks.waiting(VAR / "setup.lock", "Another set-up of this directory is going on; waiting for it."):
        venv.ensure()
        wheels.ensure("", "the platform's packages")
        wheels.ensure("-services", "PostgreSQL and Valkey")
        if tests:
            wheels.ensure("-test", "the test tools")
        if engine in engines.PLACES:
            engines.ensure(engine)
        assets.ensure()
        pango.ensure()
        project.compile_translations()
        project.collect_static()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/setup", description="Sets up NICPET in this directory.")
    parser.add_argument("--quiet", action="store_true", help="say only what goes wrong")
    parser.add_argument("--engine", choices=sorted(engines.PLACES), default="", help="also install this engine")
    options = parser.parse_args(arguments)
    Voice.quiet = options.quiet
    say.line("Setting up NICPET")
    prepare(engine=options.engine)
    say.line("NICPET is set up. Start the demo with bin/demo, the tests with bin/test.")
    return 0
