"""Where things are. Everything made by set-up or by running lies in git-ignored places under ROOT."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DEBIAN = VAR / "debian"  # system libraries unpacked for an ordinary user
NODE = VAR / "node"  # npm from a wheel, where the system has none
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
STAMPS = VENV / "stamps"


def site_packages() -> Path | None:
    """The environment's package directory, or None before set-up."""
    return next(iter(sorted(VENV.glob("lib/python3*/site-packages"))), None)
