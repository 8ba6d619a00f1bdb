"""Debian packages: installed as root, else unpacked into a private directory, which needs no rights at all."""

import os
import re
import shutil
from pathlib import Path

from bin.machine.commands import run, succeeds
from bin.machine.paths import DEBIAN

TOOLS = ("apt-get", "apt-cache", "dpkg-deb")
PLAIN = ("--no-install-recommends", "-y")
SYSTEM_FONTS = Path("/etc/fonts/fonts.conf")


def present() -> bool:
    return all(shutil.which(tool) for tool in TOOLS)


def may_install() -> bool:
    return present() and os.geteuid() == 0


def install(packages: list[str]) -> None:
    """As root, system wide. A bare image has no package lists yet: then they are fetched first."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", *PLAIN, *packages]
    if succeeds(command, env=env):
        return
    run(["apt-get", "update"], failing="The package lists could not be fetched.", mend=_mend(packages), env=env)
    run(command, failing="The system packages could not be installed.", mend=_mend(packages), env=env)


def unpack(packages: list[str], *, name: str) -> Path:
    """As anybody: the packages, and what they need and the system lacks, unpacked under var/debian/<name>."""
    root, work = DEBIAN / name, DEBIAN / f".{name}"
    shutil.rmtree(work, ignore_errors=True)
    for part in ("archives", "lists/partial", "cache/archives/partial", "root"):
        (work / part).mkdir(parents=True)
    options = _options(work, packages)
    run(
        ["apt-get", *options, "download", *dict.fromkeys([*packages, *_to_install(packages, options)])],
        failing="The system packages could not be downloaded.",
        mend=_mend(packages),
        cwd=work / "archives",
    )
    for archive in sorted((work / "archives").glob("*.deb")):
        run(["dpkg-deb", "-x", archive, work / "root"], failing=f"{archive.name} could not be unpacked.")
    shutil.rmtree(root, ignore_errors=True)
    (work / "root").rename(root)
    shutil.rmtree(work)
    return root


def _options(work: Path, packages: list[str]) -> list[str]:
    """Own lists and cache where the system has no lists; no switch of user, which only root could make."""
    options = ["-o", "APT::Sandbox::User=", "-o", f"Dir::Cache={work}/cache"]
    if succeeds(["apt-cache", *options, "show", packages[0]]):
        return options
    options += ["-o", f"Dir::State::lists={work}/lists"]
    run(["apt-get", *options, "update"], failing="The package lists could not be fetched.", mend=_mend(packages))
    return options


def _to_install(packages: list[str], options: list[str]) -> list[str]:
    """What an installation would add to this system, by asking apt-get to only pretend it."""
    plan = run(
        ["apt-get", *options, "--simulate", "install", *PLAIN, *packages],
        failing="What the system packages need could not be found out.",
        mend=_mend(packages),
    )
    return re.findall(r"^Inst (\S+)", plan, re.MULTILINE)


def libraries(root: Path) -> dict[str, str]:
    """Environment in which programs find what was unpacked into root; empty when nothing was."""
    if not root.is_dir():
        return {}
    places = ("lib/*-linux-*", "usr/lib/*-linux-*", "usr/lib/*-linux-*/pulseaudio")
    found = [str(directory) for place in places for directory in sorted(root.glob(place))]
    path = ":".join(filter(None, [*found, os.environ.get("LD_LIBRARY_PATH")]))
    fonts = root / "etc" / "fonts"
    settings = {"FONTCONFIG_PATH": str(fonts)} if fonts.is_dir() and not SYSTEM_FONTS.exists() else {}
    return {**({"LD_LIBRARY_PATH": path} if path else {}), **settings}


def _mend(packages: list[str]) -> str:
    return f"Check the connection and apt's sources, or ask an administrator to install: {' '.join(packages)}"
