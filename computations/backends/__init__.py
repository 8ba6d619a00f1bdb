"""Where a run is dispatched to: one folder per backend. Delete the folder and the backend is gone."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING

from computations.backends.backend import Backend
from station.reasons import Reason

if TYPE_CHECKING:
    from computations.models import Run

__all__ = ["Backend", "catalogue", "of", "troubles"]


@cache
def catalogue() -> dict[str, Backend]:
    """key -> backend, for every folder beside this file that has a ``backend.py``."""
    here = files("computations.backends")
    folders = sorted(entry.name for entry in here.iterdir() if (entry / "backend.py").is_file())
    found = (import_module(f"computations.backends.{name}.backend").BACKEND for name in folders)
    return {backend.key: backend for backend in found}


def troubles() -> list[Reason]:
    """What keeps a backend from working now, for whoever wants to start a run; an empty list means that all are fit."""
    return [reason for backend in catalogue().values() for reason in backend.check()]


def of(_run: Run) -> Backend:
    """The backend of a run. Today every contract names stations, so there is one."""
    return catalogue()["stations"]
