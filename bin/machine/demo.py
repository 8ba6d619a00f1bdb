"""bin/demo: the demo in the browser, one run without a browser, or a command for one of the demo's stations."""

import argparse
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

from bin.machine import commands, ports, setup, venv
from bin.machine.instance import Instance
from bin.machine.locks import Claim
from bin.machine.paths import PYTHON, ROOT, VAR
from bin.machine.platform import Platform
from bin.machine.say import Trouble, Voice, line, warn

HOME = VAR / "demo"
FIRST_PORT = 8000
DEMO = [str(PYTHON), "-m", "demo"]


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["station"]:
        return station(arguments[1:])
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.engine and not options.run:
        parser.error("--engine goes with --run; a file of your own names its engine itself")
    if (options.json or options.keep) and not (options.run or options.spec):
        parser.error("--json and --keep go with --run or --spec")
    Voice.quiet = options.quiet
    if options.reset:
        return reset(sure=options.yes)
    if options.report:
        return report(Path(options.report).resolve())
    if options.run or options.spec:
        subject = [options.run] if options.run else ["--spec", str(_existing(options.spec))]
        if options.engine:
            subject += ["--engine", options.engine]
        return run(subject, as_json=options.json, keep=options.keep)
    return browser(options.port)


def browser(port: int | None) -> int:
    """Until Ctrl-C."""
    claim = _claim()
    setup.prepare()
    web, doorbell = _ports(port)
    instance = Instance(HOME, web, doorbell)
    claim.write(f"process {os.getpid()}, {instance.address}")
    platform = Platform(instance, restart=True)
    try:
        platform.start()
        line(f"NICPET answers at {instance.address}. The demo is being filled; that takes a minute or two.")
        if platform.foreground([*DEMO, "load"]):
            raise Trouble("The demo could not be loaded; the reason stands above. bin/demo --reset starts afresh.")
        platform.foreground([*DEMO, "accounts"])
        line(f"NICPET runs at {instance.address}. The logs are in {instance.logs}. Ctrl-C stops everything.")
        platform.watch()
    except KeyboardInterrupt:
        line("")
    finally:
        platform.stop()
    return 0


def run(subject: list[str], *, as_json: bool, keep: bool) -> int:
    """One walk on an instance of its own; afterwards only the inputs are left, and the logs when it failed."""
    setup.prepare()
    if code := subprocess.run([*DEMO[:2], "demo.check", *subject], cwd=ROOT, env=venv.environment()).returncode:
        return code  # with its reasons; nothing was started
    directory = VAR / f"run-{secrets.token_hex(4)}"
    web = ports.any_free()
    instance = Instance(directory, web, ports.next_free(web + 1), durable=False, outer_servers=False)
    platform = Platform(instance, restart=False)
    code = 1
    try:
        platform.start()
        code = platform.foreground([*DEMO, "run", *subject, *(["--json"] if as_json else [])])
    finally:
        platform.stop()
        if keep:
            warn(f"Everything of this run is kept in {directory}.")
        else:
            instance.erase(keep=("inputs",) if code == 0 else ("inputs", "logs"))
            if code:
                warn(f"The logs of this run are in {instance.logs}.")
    return code


def report(file: Path) -> int:
    """The DPIA of the kvk example as a PDF, from an instance of its own that needs no more than a database."""
    if not file.parent.is_dir():
        raise Trouble(f"There is no directory {file.parent} to write to. Make it, or name another file.")
    setup.prepare()
    web = ports.any_free()
    directory = VAR / f"report-{secrets.token_hex(4)}"
    made = Instance(directory, web, ports.next_free(web + 1), durable=False, outer_servers=False)
    platform = Platform(made, restart=False)
    try:
        made.start_servers()
        commands.run([PYTHON, "manage.py", "migrate", "--noinput"], failing="No database.", env=made.environment())
        return platform.foreground([*DEMO, "report", str(file)])
    finally:
        platform.stop()
        made.erase()


def station(arguments: list[str]) -> int:
    """The command line of the demo's station of that name; it takes over this terminal."""
    homes = HOME / "stations"
    names = sorted(path.name for path in homes.glob("*") if path.is_dir())
    if not arguments or arguments[0] not in names:
        known = f"Its stations are: {', '.join(names)}." if names else "It has none yet: start it with bin/demo."
        raise Trouble(f"Name a station of the demo: bin/demo station NAME COMMAND. {known}")
    command = [str(PYTHON), "-m", "demo.at_station", str(homes / arguments[0]), *arguments[1:]]
    os.execve(PYTHON, command, {**venv.environment(), "PYTHONPATH": str(ROOT)})  # files are named from where you are


def reset(*, sure: bool) -> int:
    claim = _claim()
    if not sure:
        if not sys.stdin.isatty():
            raise Trouble("bin/demo --reset throws away the demo's data. Without a terminal, say so with --yes.")
        warn(f"This throws away the demo's data in {HOME}: database, stations with their keys, logs.")
        if input("Type yes to go on: ").strip().lower() != "yes":
            warn("Nothing was thrown away.")
            return 1
    Instance(HOME, 0, 0).erase(keep=("lock",))
    claim.release()
    warn("The demo's data is gone. The next bin/demo starts afresh.")
    if os.environ.get("DATABASE_URL"):
        warn("The database that DATABASE_URL names is not the demo's own and was left as it is.")
    return 0


def _claim() -> Claim:
    claim = Claim(HOME / "lock")
    if holder := claim.take():
        raise Trouble(f"A demo runs already in this directory ({holder}). Use that one, or stop it with Ctrl-C first.")
    return claim


def _ports(wished: int | None) -> tuple[int, int]:
    """The same as last time when they are free, since the stations remember the address."""
    memory = HOME / "ports.json"
    former = json.loads(memory.read_text()) if memory.exists() else {"web": FIRST_PORT, "doorbell": FIRST_PORT + 1}
    if wished and not ports.is_free(wished):
        raise Trouble(f"Port {wished} is in use. Leave --port out to get the next free one.")
    web = wished or ports.next_free(former["web"])
    doorbell = ports.next_free(former["doorbell"], avoid=(web,))
    memory.write_text(json.dumps({"web": web, "doorbell": doorbell}))
    return web, doorbell


def _existing(spec: str) -> Path:
    path = Path(spec).resolve()
    if not path.is_file():
        raise Trouble(f"There is no file {spec}. docs/own-data.md explains what it holds.")
    return path


def _port(text: str) -> int:
    if not text.isdigit() or not 1024 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port; give a number from 1024 to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/demo",
        description="Sets up and starts NICPET with an invented demo. "
        "bin/demo station NAME COMMAND gives a command to one of the demo's data stations.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--run", metavar="NAME", help="walk one example from idea to result, without a browser")
    what.add_argument("--spec", metavar="FILE", help="the same for your own specification and data")
    what.add_argument("--report", metavar="FILE", help="write the DPIA of the kvk example as a PDF in Dutch")
    what.add_argument("--reset", action="store_true", help="throw the demo's data away")
    parser.add_argument("--json", action="store_true", help="with --run or --spec: one JSON object on standard output")
    parser.add_argument("--keep", action="store_true", help="with --run or --spec: keep everything for a look")
    parser.add_argument("--engine", metavar="NAME", help="with --run: the engine (bin/setup --engine)")
    parser.add_argument("--port", type=_port, help="of the web server (default: 8000 or the next free one)")
    parser.add_argument("--yes", action="store_true", help="with --reset: do not ask")
    parser.add_argument("--quiet", action="store_true", help="say only what goes wrong")
    return parser
